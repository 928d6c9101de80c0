package chargepile.agent.evm;

import chargepile.agent.evm.OutboxEntry.Attempt;
import java.util.Optional;
import org.tinylog.Logger;

/** Signs attempts at what the chain wants to be paid, and keeps them before anybody sees them. */
final class Bidding {
  private static final int FEE_BLOCKS = 5;

  private final EvmNode node;
  private final EvmKey key;
  private final EvmOutbox outbox;
  private final FeePolicy fees;

  Bidding(EvmNode node, EvmKey key, EvmOutbox outbox, FeePolicy fees) {
    this.node = node;
    this.key = key;
    this.outbox = outbox;
    this.fees = fees;
  }

  FeeHistory history() {
    return node.feeHistory(FEE_BLOCKS);
  }

  /**
   * Not kept yet.
   *
   * @param head empty while nobody says what it is: then every deadline is near
   */
  Attempt first(TransactionIntent intent, long nonce, long gasLimit, Optional<EvmBlock> head) {
    boolean urgent =
        head.map(block -> fees.isUrgent(intent, block.time()))
            .orElse(intent.deadline().isPresent());
    FeeBid bid = fees.first(history(), urgent);
    return attempt(intent, nonce, gasLimit, bid, head.map(EvmBlock::number).orElse(0L));
  }

  OutboxEntry raised(OutboxEntry entry, FeeBid bid, long after) {
    OutboxEntry raised =
        entry.with(attempt(entry.intent(), entry.nonce(), entry.gasLimit(), bid, after));
    outbox.save(raised);
    return raised;
  }

  /** Raised where it is too cheap for the next block, and where that can be told. */
  OutboxEntry affordable(OutboxEntry entry, boolean urgent) {
    Attempt last = entry.last();
    FeeHistory history;
    try {
      history = history();
    } catch (EvmException e) {
      Logger.debug("{} goes out as it is: {}", entry, e.getMessage());
      return entry;
    }
    if (history.nextBaseFee().compareTo(last.bid().max()) <= 0) {
      return entry;
    }
    return fees.next(last.bid(), history, urgent)
        .map(bid -> raised(entry, bid, last.after()))
        .orElse(entry);
  }

  private Attempt attempt(
      TransactionIntent intent, long nonce, long gasLimit, FeeBid bid, long after) {
    SignedTransaction signed =
        new Eip1559Transaction(
                node.chainId(),
                nonce,
                bid.tip(),
                bid.max(),
                gasLimit,
                intent.to(),
                intent.value(),
                intent.data())
            .sign(key);
    return new Attempt(bid, signed.raw(), signed.hash(), after);
  }
}
