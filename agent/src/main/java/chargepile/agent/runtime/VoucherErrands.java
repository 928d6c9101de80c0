package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.LegReport;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.StoreException;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherSetup;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * What a node's voucher channels want of their chain. It is looked at with every block and every
 * few seconds by itself; a channel asks again with every view for what the chain does not show, so
 * nothing is kept here of what could not be done. What waits for the chain waits on a thread of its
 * own.
 */
final class VoucherErrands implements Errands {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Longer than a healthy node takes for all channels, shorter than a question's timeout. */
  private static final Duration LATE_AFTER = Duration.ofSeconds(15);

  /** Refusals that are remembered, so that each is told once. */
  private static final int REMEMBERED = 256;

  private final VoucherLedger ledger;
  private final ChainThread chainThread;
  private final Executor mailbox;
  private final Time time;
  private final ChainReports reports;
  private final WatchedChannels watched = new WatchedChannels();
  private final Set<String> refusals = new HashSet<>();

  /** Questions that are not answered yet. */
  private final Set<VoucherAction.AskPreimage> asking = ConcurrentHashMap.newKeySet();

  /** Channels of whose end there were hints in the last round; of the chain's thread. */
  private Set<VoucherSetup> hinted = Set.of();

  private Optional<ChainTrouble> trouble = Optional.empty();
  private Instant answeredAt;
  private long answeredNanos;
  private Duration pause = SHORTEST_PAUSE;
  private boolean looking;
  private boolean again;
  private boolean closed;
  private Time.@Nullable Timer next;

  /**
   * Nothing is watched yet; until the chain answers the start counts as its last answer.
   *
   * @param thread waits for the chain, one task at a time
   */
  VoucherErrands(
      VoucherLedger ledger, Executor thread, Executor mailbox, Time time, ChainReports reports) {
    this.ledger = ledger;
    this.chainThread = new ChainThread(thread, mailbox);
    this.mailbox = mailbox;
    this.time = time;
    this.reports = reports;
    this.answeredAt = time.wall();
    this.answeredNanos = time.nanos();
  }

  @Override
  public void run(long commit, PublicKey peer, LegAction.Errand errand) {
    switch (errand) {
      case LegAction.OnEvm(VoucherAction.Watch(var channel, boolean isHearsay)) -> {
        watched.watch(peer, channel, isHearsay);
        if (!isHearsay) {
          mailbox.execute(this::look); // after all that the same transition asks for
        }
      }
      case LegAction.OnEvm(VoucherAction.AskPreimage question) -> ask(peer, question);
      case LegAction.OnEvm(var wanted) -> chainThread.execute(() -> carryOut(peer, wanted));
      case LegAction.OnBitcoin(var wanted) ->
          throw new IllegalArgumentException("on an EVM chain nothing can be done of " + wanted);
    }
  }

  /** It is asked with every view, and may take longer than that. */
  private void ask(PublicKey peer, VoucherAction.AskPreimage question) {
    if (asking.add(question)) {
      chainThread.execute(
          () ->
              ledger.ask(
                  question,
                  answer -> {
                    answer.ifPresent(
                        report ->
                            mailbox.execute(() -> reports.of(peer, new LegReport.OnEvm(report))));
                    asking.remove(question);
                  }));
    }
  }

  /** On the chain's thread. */
  private void carryOut(PublicKey peer, VoucherAction.Errand errand) {
    try {
      ledger
          .carryOut(errand)
          .ifPresent(
              report -> mailbox.execute(() -> reports.of(peer, new LegReport.OnEvm(report))));
    } catch (RejectedException e) {
      mailbox.execute(() -> refused(peer, errand, reason(e)));
    } catch (ChainException e) {
      Logger.warn("{} could not be begun and is tried again: {}", name(errand), reason(e));
    } catch (StoreException e) {
      throw e; // without its store the node stops, as it does when a commit is refused
    } catch (RuntimeException e) {
      Logger.error(e, "{} could not be begun and is tried again", name(errand));
    }
  }

  /** What will never be done is a channel's business where it waits for it. */
  private void refused(PublicKey peer, VoucherAction.Errand errand, String reason) {
    switch (errand) {
      case VoucherAction.OpenOnChain _ ->
          reports.of(peer, new LegReport.OnEvm(new VoucherEvent.OpenFailed(reason)));
      case VoucherAction.RaiseDeposit _ ->
          reports.of(peer, new LegReport.OnEvm(new VoucherEvent.DepositFailed(reason)));
      case VoucherAction.CloseTogether _,
          VoucherAction.RequestClose _,
          VoucherAction.Challenge _,
          VoucherAction.Settle _,
          VoucherAction.Hold _,
          VoucherAction.RegisterPreimage _,
          VoucherAction.Redeem _,
          VoucherAction.AskPreimage _,
          VoucherAction.Claim _,
          VoucherAction.AbandonOpening _,
          VoucherAction.Watch _ -> {
        if (refusals.size() == REMEMBERED) {
          refusals.clear();
        }
        if (refusals.add(errand + reason)) {
          reports.refused(name(errand), reason);
        }
      }
    }
  }

  private static String name(VoucherAction.Errand errand) {
    return errand.getClass().getSimpleName();
  }

  @Override
  public void look() {
    if (closed) {
      return;
    }
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    schedule(LATE_AFTER, this::late);
    Map<PublicKey, VoucherSetup> wanted = watched.present();
    Map<PublicKey, VoucherSetup> hearsay = watched.someOfHearsay();
    chainThread.execute(
        () -> {
          Optional<String> problem = round(wanted);
          mailbox.execute(() -> looked(problem));
          if (problem.isEmpty()) {
            lookFor(hearsay);
          }
        });
  }

  /**
   * On the chain's thread: why the chain can't be relied on, as far as the first reason. A channel
   * that can't be looked at, whoever is to blame for that, keeps no other from it; where others can
   * be, its trouble names it.
   */
  private Optional<String> round(Map<PublicKey, VoucherSetup> wanted) {
    Map<VoucherSetup, String> failures = new LinkedHashMap<>();
    Set<VoucherSetup> shown = new HashSet<>();
    wanted.forEach(
        (peer, channel) -> {
          view(peer, channel).ifPresent(reason -> failures.put(channel, reason));
          if (hints(peer, channel)) {
            shown.add(channel);
          }
        });
    // One node is often a block ahead: what it shows first is no doubt yet.
    Optional<String> hidden =
        shown.stream()
            .filter(hinted::contains)
            .findFirst()
            .map(
                channel ->
                    "a node shows the end of channel %s, another does not".formatted(channel.id()));
    hinted = shown;
    Optional<String> failure =
        failures.entrySet().stream()
            .findFirst()
            .map(
                first ->
                    failures.size() == wanted.size()
                        ? first.getValue()
                        : "channel %s can't be looked at: %s"
                            .formatted(first.getKey().id(), first.getValue()));
    return failure.or(() -> hidden).or(ledger::doubt);
  }

  /** That what a peer made up can't be looked at says nothing of the chain. */
  private void lookFor(Map<PublicKey, VoucherSetup> hearsay) {
    hearsay.forEach(
        (peer, channel) ->
            view(peer, channel)
                .ifPresent(reason -> Logger.debug("no look for {}: {}", channel.id(), reason)));
  }

  /** Why it could not be looked at. */
  private Optional<String> view(PublicKey peer, VoucherSetup channel) {
    try {
      ChainView view = ledger.view(channel);
      mailbox.execute(() -> saw(peer, channel, new VoucherEvent.ChainChanged(view)));
      return Optional.empty();
    } catch (ChainException e) {
      return Optional.of(reason(e));
    } catch (RuntimeException e) {
      // What a peer or a node put there must not blind the node to its other channels.
      Logger.error(e, "channel {} can't be looked at", channel.id());
      return Optional.of(e.toString());
    }
  }

  /** Whether there are any. */
  private boolean hints(PublicKey peer, VoucherSetup channel) {
    try {
      List<OnLedger> hints = ledger.hints(channel);
      hints.forEach(
          shown -> mailbox.execute(() -> saw(peer, channel, new VoucherEvent.EndHinted(shown))));
      return !hints.isEmpty();
    } catch (RuntimeException e) {
      Logger.debug(e, "no hints of channel {}", channel.id());
      return false;
    }
  }

  private void saw(PublicKey peer, VoucherSetup channel, VoucherEvent.Report report) {
    if (watched.contains(peer, channel)) {
      reports.of(peer, new LegReport.OnEvm(report));
    }
  }

  private void looked(Optional<String> problem) {
    looking = false;
    problem.ifPresentOrElse(this::failed, this::answered);
    if (again) {
      again = false;
      look();
    } else {
      schedule(problem.isPresent() ? pause : LOOK_EVERY, this::look);
      pause = problem.isPresent() ? longer(pause) : SHORTEST_PAUSE;
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private void late() {
    if (looking) {
      failed("it has not answered for %d s".formatted(LATE_AFTER.toSeconds()));
    }
  }

  private void answered() {
    answeredAt = time.wall();
    answeredNanos = time.nanos();
    if (trouble.isPresent()) {
      trouble = Optional.empty();
      reports.standing(trouble);
    }
  }

  private void failed(String reason) {
    Optional<ChainTrouble> present =
        Optional.of(new ChainTrouble(reason, answeredAt, answeredNanos));
    if (!present.equals(trouble)) {
      trouble = present;
      reports.standing(present);
    }
  }

  private static String reason(ChainException e) {
    return Objects.toString(e.getMessage(), e.getClass().getSimpleName());
  }

  private void schedule(Duration after, Runnable task) {
    if (next != null) {
      next.cancel();
    }
    if (!closed) {
      next = time.schedule(after, () -> mailbox.execute(task));
    }
  }

  /** The client keeps what it has sent by itself. */
  @Override
  public void resume(Snapshot snapshot) {}

  @Override
  public void begin() {
    look();
  }

  @Override
  public boolean isIdle() {
    return chainThread.isIdle() && asking.isEmpty();
  }

  @Override
  public void close() {
    closed = true;
    if (next != null) {
      next.cancel();
    }
  }
}
