/**
 * The charging session: what pile and driver agree on, and the arithmetic of what may be owed. The
 * two sides are state machines in {@code session.pile} and {@code session.driver}; each contains
 * the channels it keeps.
 *
 * <p>Imports units, crypto, energy and channel. Pure: no I/O, no clock, no randomness. Knows
 * nothing of MQTT, the store or where a chain comes from.
 */
@NullMarked
package chargepile.agent.session;

import org.jspecify.annotations.NullMarked;
