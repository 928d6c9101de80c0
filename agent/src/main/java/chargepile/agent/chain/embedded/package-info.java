/**
 * A Bitcoin chain in the process: blocks on demand, a mempool, reorganisations, and a wallet on it.
 *
 * <p>It refuses what a Bitcoin node refuses, in the node's words, so that what works here works on
 * a network. Imports units, crypto, channel and the ports of {@code chain}; knows nothing of
 * channels' transactions, sessions or the store.
 */
@NullMarked
package chargepile.agent.chain.embedded;

import org.jspecify.annotations.NullMarked;
