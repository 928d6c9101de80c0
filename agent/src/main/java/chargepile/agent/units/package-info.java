/** Quantities with their units. Pure; imports nothing of the agent. */
@NullMarked
package chargepile.agent.units;

import org.jspecify.annotations.NullMarked;
