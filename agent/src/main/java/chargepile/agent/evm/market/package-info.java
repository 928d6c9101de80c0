/**
 * The contracts of the market with typed calls: what they say at a block, what their logs tell, and
 * the transactions that they take, each with a key that is the same for the same thing.
 *
 * <p>Imports units, crypto, identity, the market and the client of the chain; knows nothing of when
 * something is done or why.
 */
@NullMarked
package chargepile.agent.evm.market;

import org.jspecify.annotations.NullMarked;
