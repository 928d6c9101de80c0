/**
 * The whole system in one deterministic process: pile and driver as they run in earnest, under
 * virtual time, with everything around them going wrong. A seed is a run; the same seed is the same
 * run.
 */
@NullMarked
package chargepile.agent.sim;

import org.jspecify.annotations.NullMarked;
