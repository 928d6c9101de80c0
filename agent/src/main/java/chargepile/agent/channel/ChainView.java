package chargepile.agent.channel;

import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxOut;
import java.util.Map;
import java.util.Optional;

/**
 * What the chain says now of the things a channel watches. It is the whole state and not a change,
 * so a lost, repeated or reordered report does no harm and a reorganisation needs no event of its
 * own.
 *
 * @param tip height of the best block
 * @param feerate the feerate at present for confirmation within a few blocks
 * @param outputs what the watched outputs hold that are in a block of the best chain and not spent
 *     in one: the fundee's only proof that the funding output is what the funder said
 * @param spends the watched outputs that are spent, in a block or in the mempool
 * @param mined the watched transactions that are in a block of the best chain
 */
public record ChainView(
    BlockHeight tip,
    Feerate feerate,
    Map<OutPoint, TxOut> outputs,
    Map<OutPoint, Spend> spends,
    Map<TxId, BlockHeight> mined) {
  public ChainView {
    outputs = Map.copyOf(outputs);
    spends = Map.copyOf(spends);
    mined = Map.copyOf(mined);
  }

  /**
   * A transaction that spends a watched output.
   *
   * @param minedAt the height of its block; empty while it is in the mempool
   */
  public record Spend(Transaction transaction, Optional<BlockHeight> minedAt) {
    /** Confirmations at {@code tip}: 0 in the mempool. */
    public int depthAt(BlockHeight tip) {
      return minedAt.map(height -> height.depthAt(tip)).orElse(0);
    }
  }

  /** Confirmations of a watched transaction: 0 when it is not in a block. */
  public int depth(TxId transaction) {
    BlockHeight height = mined.get(transaction);
    return height == null ? 0 : height.depthAt(tip);
  }
}
