/**
 * How a pile, a driver and an agency trade by themselves: each a pure function from what the chain
 * shows, what their own node knows and their policy to what is to be done next (rows P1-42, P2-05
 * to P2-12). Level-triggered: nothing follows from an event that may be missed, so that a restart,
 * a lost action or a late one changes nothing but the time it takes.
 *
 * <p>Imports units, the market with its orders, and fr.acinq.bitcoin for a hash. Pure: knows
 * neither the chain's client nor sessions; times are given, of the chain's clock.
 */
@NullMarked
package chargepile.agent.market.desk;

import org.jspecify.annotations.NullMarked;
