/**
 * The market of a transaction cycle: quotes, open or by commit and reveal, the order book with
 * price-time priority, matching at the midpoint of each pair, its verification, and what it
 * achieves (paper 1, §3.4; rows P1-01, P1-03, P1-04, P1-11, P1-37 to P1-43). Below it: {@code
 * order}, listings and an order's life with escrow, and {@code review}, the agency's rules.
 *
 * <p>Imports units, and fr.acinq.bitcoin for a hash. Pure and deterministic: integers, times given
 * as arguments; knows nothing of chains, channels or sessions.
 */
@NullMarked
package chargepile.agent.market;

import org.jspecify.annotations.NullMarked;
