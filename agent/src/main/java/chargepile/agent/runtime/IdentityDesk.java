package chargepile.agent.runtime;

import chargepile.agent.session.notary.Clerk;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.notary.NotaryAnswer;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.PeerIdentity;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Has a node's clerk do its work on its own thread, one task after the other; the answers come back
 * through the mailbox. Settlements, which only certified peers have, go before the certificates of
 * strangers. Belongs to the mailbox.
 */
final class IdentityDesk {
  /** How long a new revocation list or certificate may wait until it is seen. */
  static final Duration LOOK = Duration.ofMinutes(1);

  /** The most certificates that wait; more come from nobody who wants to charge here. */
  static final int MOST_CHECKS = 64;

  private final Optional<Identity> identity;
  private final Executor mailbox;
  private final Time time;
  private final Supplier<Notary> notary;
  private final Consumer<NotaryAnswer> answers;
  private final Queue<NotaryTask> settlements = new ArrayDeque<>();
  private final SequencedMap<PublicKey, NotaryTask.Check> checks = new LinkedHashMap<>();
  private boolean working;

  /** Used on the identity's thread. */
  private volatile @Nullable Clerk clerk;

  private volatile ByteVector certificate;

  /** How many tasks wait or are done. */
  private final AtomicInteger open = new AtomicInteger();

  /**
   * @param notary as it is now; asked on the mailbox's thread
   * @param answers told on the mailbox's thread
   */
  IdentityDesk(
      Optional<Identity> identity,
      Executor mailbox,
      Time time,
      Supplier<Notary> notary,
      Consumer<NotaryAnswer> answers) {
    this.identity = identity;
    this.mailbox = mailbox;
    this.time = time;
    this.notary = notary;
    this.answers = answers;
    this.clerk = identity.map(Identity::clerk).orElse(null);
    this.certificate = identity.map(Identity::certificate).orElse(ByteVector.empty);
  }

  /** Begins to look for another certificate, or another revocation list, now and then. */
  void begin() {
    identity
        .filter(own -> own.renewal() != IdentityRenewal.NONE)
        .ifPresent(own -> time.schedule(LOOK, () -> look(own)));
  }

  private void look(Identity own) {
    try {
      own.thread()
          .execute(
              () -> {
                try {
                  own.renewal().look().ifPresent(this::renew);
                } catch (RuntimeException e) {
                  Logger.error(e, "the identity's files can't be looked at: {}", e.getMessage());
                }
                time.schedule(LOOK, () -> look(own));
              });
    } catch (RejectedExecutionException e) {
      // The program ends.
    }
  }

  private void renew(IdentityRenewal.Renewed renewed) {
    clerk = renewed.clerk();
    if (!renewed.certificate().equals(certificate)) {
      certificate = renewed.certificate();
      mailbox.execute(() -> answers.accept(new NotaryAnswer.Renewed(renewed.certificate())));
    }
  }

  /** Begins a task, or has it wait for its turn; without an identity there is none. */
  void ask(NotaryTask task) {
    identity.ifPresent(
        own -> {
          switch (task) {
            case NotaryTask.Check check -> await(check);
            case NotaryTask.Sign _, NotaryTask.Countersign _, NotaryTask.Verify _ ->
                settlements.add(task);
          }
          next(own);
          count();
        });
  }

  private void await(NotaryTask.Check check) {
    if (checks.size() >= MOST_CHECKS) {
      checks.values().removeIf(waiting -> !isWanted(waiting));
    }
    if (checks.size() >= MOST_CHECKS) {
      // Later, and not within the transition that asks.
      mailbox.execute(() -> answers.accept(refused(check, "too many wait here: come again later")));
    } else {
      checks.put(check.peer(), check);
    }
  }

  /** Whether the link is still there that the certificate was shown on. */
  private boolean isWanted(NotaryTask.Check check) {
    return notary.get().peer(check.peer()).equals(new PeerIdentity.Checking(check.certificate()));
  }

  private void next(Identity own) {
    if (working) {
      return;
    }
    NotaryTask task = take();
    if (task == null) {
      return;
    }
    working = true;
    count();
    try {
      own.thread().execute(() -> work(own, task));
    } catch (RejectedExecutionException e) {
      // The program ends; the next start asks again.
      settlements.clear();
      checks.clear();
      working = false;
    }
  }

  private @Nullable NotaryTask take() {
    NotaryTask settlement = settlements.poll();
    if (settlement != null) {
      return settlement;
    }
    checks.values().removeIf(waiting -> !isWanted(waiting));
    return checks.isEmpty() ? null : checks.pollFirstEntry().getValue();
  }

  private void work(Identity own, NotaryTask task) {
    NotaryAnswer answer = answer(own, task);
    mailbox.execute(
        () -> {
          try {
            answers.accept(answer);
          } finally {
            working = false;
            next(own);
            count();
          }
        });
  }

  private void count() {
    open.set(settlements.size() + checks.size() + (working ? 1 : 0));
  }

  /** A task without an answer would leave a peer waiting for ever. */
  private NotaryAnswer answer(Identity own, NotaryTask task) {
    try {
      Clerk present = clerk;
      return (present == null ? own.clerk() : present).answer(task, time.wall());
    } catch (Throwable e) {
      // Not only exceptions: the native library may be missing, or the memory short.
      Logger.error(e, "an identity could not be looked at: {}", e.getMessage());
      String reason = "it could not be looked at: " + e;
      return switch (task) {
        case NotaryTask.Check check -> refused(check, reason);
        case NotaryTask.Sign sign -> new NotaryAnswer.Declined(sign.settlement().id(), reason);
        case NotaryTask.Countersign sign ->
            new NotaryAnswer.Declined(sign.settlement().id(), reason);
        case NotaryTask.Verify verify ->
            new NotaryAnswer.Declined(verify.settlement().id(), reason);
      };
    }
  }

  private NotaryAnswer refused(NotaryTask.Check check, String reason) {
    return new NotaryAnswer.Identified(
        check.peer(), check.certificate(), new PeerIdentity.Refused(reason), time.wall());
  }

  /** Whether nothing is being looked at. */
  boolean isIdle() {
    return open.get() == 0;
  }
}
