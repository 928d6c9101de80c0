/**
 * The extension layer's review (P2-01): the grid service agency's review of orders (paper 2,
 * §2.3.2; rows P2-09, P2-10): rules over published limits, the first that fails being the reason.
 *
 * <p>Imports units, the market and its orders. Pure: the time and the facts are given.
 */
@NullMarked
package chargepile.agent.market.review;

import org.jspecify.annotations.NullMarked;
