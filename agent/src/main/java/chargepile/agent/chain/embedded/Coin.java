package chargepile.agent.chain.embedded;

import fr.acinq.bitcoin.TxOut;

/**
 * An unspent output.
 *
 * @param height the height of its block; one above the tip while its transaction is in the mempool,
 *     as nodes count it
 * @param coinbase whether a coinbase made it, so that it needs {@link Consensus#COINBASE_MATURITY}
 */
record Coin(TxOut output, int height, boolean coinbase) {
  long amount() {
    return output.amount.toLong();
  }
}
