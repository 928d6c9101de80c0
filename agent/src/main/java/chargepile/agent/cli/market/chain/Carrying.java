package chargepile.agent.cli.market.chain;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.RevertedException;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.TransactionStatus;
import chargepile.agent.evm.UnreachableNodeException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Carries out transactions one after the other while somebody waits. What was decided is in the
 * outbox: stopped at any moment, the same command goes on where it was.
 */
public final class Carrying {
  /** Between two looks at the chain, as people wait. */
  public static final Duration PAUSE = Duration.ofMillis(300);

  private final EvmNode node;
  private final TransactionSender sender;
  private final Duration pause;
  private final Consumer<String> waits;
  private String seen = "";
  private String said = "";

  /**
   * @param pause between two looks at the chain
   * @param waits is told why a transaction waits, once for each reason
   */
  public Carrying(EvmNode node, TransactionSender sender, Duration pause, Consumer<String> waits) {
    this.node = node;
    this.sender = sender;
    this.pause = pause;
    this.waits = waits;
  }

  public EvmNode node() {
    return node;
  }

  /**
   * Decides on a transaction and waits until it is in a block.
   *
   * @throws CommandFailedException when the contract refuses it, or it was overtaken
   */
  public EvmReceipt mined(TransactionIntent intent)
      throws CommandFailedException, InterruptedException {
    try {
      var unused = sender.submit(tried(intent));
    } catch (RevertedException e) {
      throw new CommandFailedException(
          "the contract refuses the %s: %s".formatted(intent.purpose(), e.reason()), e);
    }
    while (true) {
      switch (standing(intent.key())) {
        case TransactionStatus.Mined(EvmReceipt receipt, _) -> {
          if (isDone(intent.key())) {
            return receipt;
          }
          told(
              "%s in block %d; waiting until that is final"
                  .formatted(
                      receipt.success()
                          ? "it made way for what was urgent"
                          : "the contract refused it",
                      receipt.block()));
        }
        case TransactionStatus.Finished(OutboxEntry.Finish finish) -> {
          return ended(intent, finish);
        }
        case TransactionStatus.Waiting(String why) -> told(why);
        case TransactionStatus.Stuck(String why) -> told(why);
      }
      Thread.sleep(pause);
    }
  }

  /** Whether the block that has its nonce has what was decided, and not what took its place. */
  private boolean isDone(String key) {
    return sender
        .entry(key)
        .filter(entry -> sender.receipts().failure(entry).isEmpty())
        .isPresent();
  }

  /** Does it for good: once it is final it is dropped from the outbox. */
  public EvmReceipt done(TransactionIntent intent)
      throws CommandFailedException, InterruptedException {
    EvmReceipt receipt = mined(intent);
    settled(intent);
    sender.forget(intent.key());
    return receipt;
  }

  /** What was decided on is not asked about again. */
  private TransactionIntent tried(TransactionIntent intent) {
    return intent.gasLimit().isPresent() && sender.entry(intent.key()).isEmpty()
        ? sender.rehearsed(intent)
        : intent;
  }

  /** Waits until the chain will not take a transaction back. */
  public void settled(TransactionIntent intent)
      throws CommandFailedException, InterruptedException {
    while (!(standing(intent.key()) instanceof TransactionStatus.Finished(var finish)
        && ended(intent, finish).success())) {
      told("it is in a block; waiting until that is final");
      Thread.sleep(pause);
    }
  }

  private TransactionStatus standing(String key) {
    try {
      Map<String, TransactionStatus> standing = sender.advance();
      TransactionStatus status = standing.get(key);
      if (status == null) {
        throw new IllegalStateException("nothing is known of the transaction " + key);
      }
      return status;
    } catch (UnreachableNodeException e) {
      return new TransactionStatus.Stuck(String.valueOf(e.getMessage()));
    }
  }

  /** What is over by the next look is of no interest. */
  private void told(String why) {
    if (!why.equals(seen)) {
      seen = why;
    } else if (!why.equals(said)) {
      said = why;
      waits.accept(why);
    }
  }

  private EvmReceipt ended(TransactionIntent intent, OutboxEntry.Finish finish)
      throws CommandFailedException {
    return switch (finish) {
      case OutboxEntry.Finish.Succeeded done ->
          node.receipt(done.transaction())
              .orElseThrow(
                  () ->
                      new EvmException(
                          "%s has no receipt of %s, which is final".formatted(node, intent)));
      case OutboxEntry.Finish.Reverted(_, long block, _, String reason) -> {
        sender.forget(intent.key()); // so that it can be tried again
        throw new CommandFailedException(
            "the %s failed in block %d, and its gas was paid: %s"
                .formatted(intent.purpose(), block, reason));
      }
      case OutboxEntry.Finish.Abandoned(_, long block, _) -> {
        sender.forget(intent.key());
        throw new CommandFailedException(
            "the %s was given up in block %d, as a channel's transaction with a deadline waited behind it. Give the command again"
                .formatted(intent.purpose(), block));
      }
      case OutboxEntry.Finish.Overtaken _ -> {
        sender.forget(intent.key());
        throw new CommandFailedException(
            "the %s was overtaken: another program sends from the account %s. Stop that, and give the command again"
                .formatted(intent.purpose(), sender.account()));
      }
    };
  }
}
