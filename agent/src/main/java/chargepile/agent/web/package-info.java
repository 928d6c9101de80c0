/**
 * What people and monitoring see of a pile over HTTP: a page, {@code /metrics}, {@code /healthz}.
 *
 * <p>Imports units and json. It is given a snapshot of the pile in its own words, on its own
 * thread, and can neither change nor delay anything; it knows nothing of sessions, channels or the
 * runtime.
 */
@NullMarked
package chargepile.agent.web;

import org.jspecify.annotations.NullMarked;
