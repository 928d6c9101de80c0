package chargepile.agent.runtime;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.channel.ChainView;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.Watches;
import chargepile.agent.runtime.Handovers.Handover;
import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.leg.LegReport;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.TxId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Looks at the chain for every channel: at each of its changes, and every few seconds by itself, so
 * that a chain that hangs is noticed. One that can't be asked is asked again after pauses that
 * grow; what it did not take is handed to it again. Belongs to the node's mailbox.
 */
final class ChainWatch {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Longer than a healthy node takes for all channels, shorter than a question's timeout. */
  private static final Duration LATE_AFTER = Duration.ofSeconds(15);

  /** Refusals that are remembered, so that each is told once. */
  private static final int REMEMBERED = 256;

  private record Seen(Watches watches, ChainView view) {}

  private final Chain chain;
  private final Executor chainThread;
  private final Executor mailbox;
  private final Time time;
  private final Handovers handovers;
  private final ChainReports reports;
  private final Map<PublicKey, Watches> watches = new LinkedHashMap<>();
  private final Map<PublicKey, Seen> seen = new HashMap<>();
  private final Set<String> refusals = new HashSet<>();
  private Optional<ChainTrouble> trouble = Optional.empty();
  private Instant answeredAt;
  private long answeredNanos;
  private Duration pause = SHORTEST_PAUSE;
  private boolean looking;
  private boolean again;
  private boolean closed;
  private Time.@Nullable Timer next;

  /** Nothing is watched yet; until the chain answers the start counts as its last answer. */
  ChainWatch(
      Chain chain,
      Executor chainThread,
      Executor mailbox,
      Time time,
      Handovers handovers,
      ChainReports reports) {
    this.chain = chain;
    this.chainThread = chainThread;
    this.mailbox = mailbox;
    this.time = time;
    this.handovers = handovers;
    this.reports = reports;
    this.answeredAt = time.wall();
    this.answeredNanos = time.nanos();
  }

  /** From now on the channel with a peer wants to know of these. */
  void watch(PublicKey peer, Watches wanted) {
    seen.remove(peer);
    if (wanted.equals(Watches.NONE)) {
      watches.remove(peer);
    } else {
      watches.put(peer, wanted);
    }
  }

  /** Tells the chain what it will be asked for, so that it searches its past once for all. */
  void announce() {
    Set<OutPoint> outputs = new HashSet<>();
    Set<TxId> transactions = new HashSet<>();
    watches
        .values()
        .forEach(
            wanted -> {
              outputs.addAll(wanted.outputs());
              transactions.addAll(wanted.transactions());
            });
    chainThread.execute(() -> chain.expect(outputs, transactions));
  }

  /** Looks for every channel now, or once more when that is under way. */
  void look() {
    if (closed) {
      return;
    }
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    schedule(LATE_AFTER, this::late);
    Map<PublicKey, Watches> wanted = new LinkedHashMap<>(watches);
    List<Handover> failed = handovers.failed();
    chainThread.execute(
        () -> {
          Optional<String> problem = round(wanted, failed);
          mailbox.execute(() -> looked(problem));
        });
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
      // What a channel could not do meanwhile, it does when it is told how things are.
      seen.clear();
      again = true;
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

  /** Hands over what is stored in a commit. */
  void hand(long commit, Handover handover) {
    if (handovers.add(commit, handover)) {
      chainThread.execute(
          () -> {
            if (publish(handover).isPresent()) {
              mailbox.execute(this::look); // which tries again, and tells of it
            }
          });
    }
  }

  /** On the chain's thread: what was not done, as far as the first reason. */
  private Optional<String> round(Map<PublicKey, Watches> wanted, List<Handover> failed) {
    String problem = null;
    for (Handover handover : failed) {
      Optional<String> why = publish(handover);
      if (why.isPresent()) {
        problem = problem == null ? why.get() : problem;
        if (isAway()) {
          return Optional.of(problem);
        }
      }
    }
    for (Map.Entry<PublicKey, Watches> entry : wanted.entrySet()) {
      Watches sought = entry.getValue();
      try {
        ChainView view = chain.view(sought.outputs(), sought.transactions());
        mailbox.execute(() -> saw(entry.getKey(), new Seen(sought, view)));
      } catch (ChainException e) {
        problem = problem == null ? reason(e) : problem;
        if (isAway()) {
          return Optional.of(problem);
        }
      }
    }
    Optional<String> found =
        problem == null && wanted.isEmpty() ? away() : Optional.ofNullable(problem);
    return found.or(chain::doubt);
  }

  private boolean isAway() {
    return away().isPresent();
  }

  /** Why nothing at all can be asked, if so. */
  private Optional<String> away() {
    try {
      ChainView unused = chain.view(Set.of(), Set.of());
      return Optional.empty();
    } catch (ChainException e) {
      return Optional.of(reason(e));
    }
  }

  private void saw(PublicKey peer, Seen now) {
    if (now.watches().equals(watches.get(peer)) && !now.equals(seen.put(peer, now))) {
      reports.of(peer, new LegReport.OnBitcoin(new ChannelEvent.ChainChanged(now.view())));
    }
  }

  /** On the chain's thread: why it has to be tried again, if so. */
  private Optional<String> publish(Handover handover) {
    try {
      if (handover.transactions().size() == 1) {
        chain.broadcast(handover.transactions().getFirst());
      } else {
        chain.broadcast(handover.transactions());
      }
      Logger.info("published {}", handover.what());
      mailbox.execute(() -> handovers.done(handover));
      return Optional.empty();
    } catch (RejectedException e) {
      mailbox.execute(() -> refused(handover, reason(e)));
      return Optional.empty();
    } catch (ChainException e) {
      mailbox.execute(() -> postponed(handover, reason(e)));
      return Optional.of("%s can't be handed over: %s".formatted(handover.what(), reason(e)));
    }
  }

  private void refused(Handover handover, String reason) {
    handovers.done(handover);
    if (refusals.size() == REMEMBERED) {
      refusals.clear();
    }
    if (refusals.add(handover.what() + reason)) {
      reports.refused(handover.what(), reason);
    }
  }

  private void postponed(Handover handover, String reason) {
    if (handovers.failed(handover)) {
      Logger.warn(
          "{} could not be published and is tried again until it is: {}", handover.what(), reason);
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

  /** Asks nothing more by itself. */
  void close() {
    closed = true;
    if (next != null) {
      next.cancel();
    }
  }
}
