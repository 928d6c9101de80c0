package chargepile.agent.evm;

import java.util.Optional;
import java.util.OptionalLong;
import org.tinylog.Logger;

/** What became of decided transactions in the blocks that there are now. Thread-safe. */
public final class Receipts {
  private final EvmNode node;

  Receipts(EvmNode node) {
    this.node = node;
  }

  /** Of the attempt that is in a block of the chain, whatever it did there. */
  Optional<EvmReceipt> of(OutboxEntry entry) {
    return of(entry, node);
  }

  private static Optional<EvmReceipt> of(OutboxEntry entry, EvmNode node) {
    return entry.attempts().reversed().stream()
        .flatMap(attempt -> node.receipt(attempt.hash()).stream())
        .filter(
            receipt ->
                node.block(BlockRef.number(receipt.block()))
                    .filter(block -> block.hash().equals(receipt.blockHash()))
                    .isPresent())
        .findFirst();
  }

  /**
   * The block in which a transaction is and failed, which may still be replaced: with it by one in
   * which it does what it was to do. Empty while it may do that.
   *
   * @throws DisagreeingNodesException when the nodes contradict each other in that
   */
  public OptionalLong failure(OutboxEntry entry) {
    return failure(entry, of(entry));
  }

  private static OptionalLong failure(OutboxEntry entry, Optional<EvmReceipt> receipt) {
    return receipt
        .filter(mined -> !mined.success() || !entry.isDoneBy(mined.transaction()))
        .map(mined -> OptionalLong.of(mined.block()))
        .orElseGet(OptionalLong::empty);
  }

  /** The same as any single node shows it, where there are two: a hint, never a proof. */
  public OptionalLong shownFailure(OutboxEntry entry) {
    for (EvmNode witness : node.witnesses()) {
      try {
        OptionalLong failed = failure(entry, of(entry, witness));
        if (failed.isPresent()) {
          return failed;
        }
      } catch (EvmException e) {
        Logger.debug("{} says nothing of {}: {}", witness, entry, e.getMessage());
      }
    }
    return OptionalLong.empty();
  }
}
