package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.evm.ChannelViews;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmKey;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.RevertedException;
import chargepile.agent.evm.TransactionSender;
import chargepile.agent.evm.VoucherChannelContract;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherSetup;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * The voucher channels' contract on a real chain (P2-15, P2-16, P2-18).
 *
 * <p>It keeps nothing by itself: what was sent is in the sender's outbox, and everything else is
 * asked of the chain anew. So it may be killed at any point and started again, and a transaction
 * that a pool drops or a reorganisation takes out goes in again.
 */
public final class EvmVoucherLedger implements VoucherLedger {
  private final ChannelViews views;
  private final VoucherTransactions transactions;
  private final BlockWatch blocks;
  private final Executor searches;

  /**
   * How often the chain is looked at.
   *
   * @param poll how often it is asked for a new block, and what was sent is looked after
   * @param silence without a new block for so long the chain counts as out of sight
   */
  public record Pace(Duration poll, Duration silence) {
    /** For a chain with a block every 12 seconds or less. */
    public static final Pace USUAL = new Pace(Duration.ofSeconds(4), Duration.ofMinutes(5));

    public Pace {
      if (!poll.isPositive() || silence.compareTo(poll) <= 0) {
        throw new IllegalArgumentException(
            "asking every %s and silent after %s: the second must be longer"
                .formatted(poll, silence));
      }
    }
  }

  /**
   * Asks and sends nothing yet. What it is given stays the giver's to close.
   *
   * @param witnesses the single nodes, where there are two: a close that one of them shows is
   *     answered though the other hides it
   * @param account signs approvals; the sender sends from the same
   * @param sender alone sends from the account, for whatever purpose
   * @param alerts told what a person must do, on any thread
   */
  public EvmVoucherLedger(
      EvmNode node,
      List<EvmNode> witnesses,
      VoucherChannelContract contract,
      EvmKey account,
      TransactionSender sender,
      Finality finality,
      Pace pace,
      Consumer<String> alerts) {
    this(node, witnesses, contract, account, sender, finality, pace, alerts, Runnable::run);
  }

  /**
   * @param searches asks what may take long, so that it delays neither a view nor what must be sent
   */
  public EvmVoucherLedger(
      EvmNode node,
      List<EvmNode> witnesses,
      VoucherChannelContract contract,
      EvmKey account,
      TransactionSender sender,
      Finality finality,
      Pace pace,
      Consumer<String> alerts,
      Executor searches) {
    if (!account.address().equals(sender.account())) {
      throw new IllegalArgumentException(
          "the account is %s and the sender's %s".formatted(account, sender.account()));
    }
    VoucherChannelContract channels = contract.searchingOn(searches);
    this.searches = searches;
    this.views = new ChannelViews(node, witnesses, channels, finality);
    this.transactions = new VoucherTransactions(node, views, channels, account, sender);
    this.blocks = new BlockWatch(node, sender, pace, alerts);
  }

  /**
   * Whether a transaction of the account, by its key, is of no channel: such ones make way for what
   * the channels must do before a deadline.
   */
  public static boolean isOther(String key) {
    return !key.startsWith(VoucherTransactions.KEYS);
  }

  @Override
  public ChainView view(VoucherSetup channel) {
    return asked(() -> views.view(channel));
  }

  @Override
  public List<OnLedger> hints(VoucherSetup channel) {
    return asked(() -> views.hints(channel));
  }

  @Override
  public Optional<String> doubt() {
    return blocks.doubt();
  }

  @Override
  public Optional<VoucherEvent.Report> carryOut(VoucherAction.Errand errand) {
    return asked(() -> transactions.carryOut(errand));
  }

  @Override
  public void ask(
      VoucherAction.AskPreimage question, Consumer<Optional<VoucherEvent.Report>> answer) {
    try {
      searches.execute(() -> VoucherLedger.super.ask(question, answer));
    } catch (RejectedExecutionException e) {
      Logger.debug("nothing is asked any more: {}", e.getMessage());
      answer.accept(Optional.empty());
    }
  }

  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (RevertedException e) {
      throw new RejectedException(e.reason());
    } catch (EvmException e) {
      throw new ChainException(Objects.toString(e.getMessage(), "no answer"), e);
    }
  }

  /**
   * From now on what was sent is looked after as well, until the last of these is closed; that
   * waits for the round under way.
   */
  @Override
  public AutoCloseable onChange(Runnable listener) {
    return blocks.tell(listener);
  }

  /** One round of what {@link #onChange} does all the time. */
  void round() {
    blocks.round();
  }
}
