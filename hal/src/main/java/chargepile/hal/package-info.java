/**
 * What the pile touches: meter pulses, contactor, plug, heat and status light, as ports.
 *
 * <p>Knows nothing of money, network or the agent.
 */
@NullMarked
package chargepile.hal;

import org.jspecify.annotations.NullMarked;
