/**
 * The chain and the wallet of a Bitcoin node, asked over its JSON-RPC. The node may be pruned and
 * needs no transaction index: what is watched is found by scanning blocks.
 *
 * <p>Imports units, channel and chain; knows nothing of sessions, of the store, of what a channel
 * does with what it sees.
 */
@NullMarked
package chargepile.agent.chain.bitcoind;

import org.jspecify.annotations.NullMarked;
