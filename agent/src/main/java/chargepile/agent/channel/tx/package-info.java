/**
 * The transactions of BOLT 3 with anchors: funding, commitment, HTLC, closing, penalty and sweep.
 *
 * <p>Pure: keys and balances in, transactions out. Knows nothing of the protocol that led there.
 */
@NullMarked
package chargepile.agent.channel.tx;

import org.jspecify.annotations.NullMarked;
