package chargepile.agent.chain.embedded;

import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.TxOut;
import java.util.Optional;

/**
 * An output that neither a block nor the mempool spends.
 *
 * @param minedAt the height of its block; empty while its transaction is in the mempool
 * @param mature whether the next block could spend it; only coinbases ever wait
 */
public record Unspent(
    OutPoint outPoint, TxOut output, Optional<BlockHeight> minedAt, boolean mature) {
  public Satoshi amount() {
    return new Satoshi(output.amount.toLong());
  }
}
