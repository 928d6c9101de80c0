package chargepile.agent.runtime;

import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.TransactionSender;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The blocks of an EVM chain for a node without channels: tells of each that is new, and has what
 * was sent looked after. Thread-safe.
 */
public final class EvmBlocks {
  private final BlockWatch blocks;

  /**
   * Asks nothing yet.
   *
   * @param alerts told what a person must do, on any thread
   */
  public EvmBlocks(
      EvmNode node, TransactionSender sender, EvmVoucherLedger.Pace pace, Consumer<String> alerts) {
    this.blocks = new BlockWatch(node, sender, pace, alerts);
  }

  /**
   * Tells of every new block, on a thread of its own.
   *
   * @return closing it ends that
   */
  public AutoCloseable onChange(Runnable listener) {
    return blocks.tell(listener);
  }

  /** Why the chain may be out of sight though it answers; empty while nobody listens, too. */
  public Optional<String> doubt() {
    return blocks.doubt();
  }
}
