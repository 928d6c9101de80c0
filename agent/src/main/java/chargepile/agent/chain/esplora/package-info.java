/**
 * The chain for a pile without a node: an Esplora server asked over HTTP, and a wallet of the
 * pile's own seed (BIP 84) whose coins the server finds. The server is trusted to tell what is in
 * blocks, and with nothing that can be checked: transactions must hash to their ids, and spends
 * must spend.
 *
 * <p>Imports units, crypto, channel and chain; knows nothing of sessions, of the store, of what a
 * channel does with what it sees.
 */
@NullMarked
package chargepile.agent.chain.esplora;

import org.jspecify.annotations.NullMarked;
