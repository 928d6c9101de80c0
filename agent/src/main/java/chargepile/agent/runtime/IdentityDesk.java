package chargepile.agent.runtime;

import chargepile.agent.session.notary.NotaryAnswer;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.PeerIdentity;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.tinylog.Logger;

/**
 * Has a node's clerk do its work on its own thread; the answers come back through the mailbox.
 * Belongs to the mailbox.
 */
final class IdentityDesk {
  private final Optional<Identity> identity;
  private final Executor mailbox;
  private final Time time;
  private final Consumer<NotaryAnswer> answers;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * @param answers told on the mailbox's thread
   */
  IdentityDesk(
      Optional<Identity> identity, Executor mailbox, Time time, Consumer<NotaryAnswer> answers) {
    this.identity = identity;
    this.mailbox = mailbox;
    this.time = time;
    this.answers = answers;
  }

  /** Begins a task; without an identity there is none. */
  void ask(NotaryTask task) {
    identity.ifPresent(
        own -> {
          open.incrementAndGet();
          try {
            own.thread().execute(() -> work(own, task));
          } catch (RejectedExecutionException e) {
            open.decrementAndGet(); // the program ends; the next start asks again
          }
        });
  }

  private void work(Identity own, NotaryTask task) {
    NotaryAnswer answer = answer(own, task);
    mailbox.execute(
        () -> {
          try {
            answers.accept(answer);
          } finally {
            open.decrementAndGet();
          }
        });
  }

  /** A task without an answer would leave a peer waiting for ever. */
  private NotaryAnswer answer(Identity own, NotaryTask task) {
    try {
      return own.clerk().answer(task, time.wall());
    } catch (RuntimeException e) {
      Logger.error(e, "an identity could not be looked at: {}", e.getMessage());
      String reason = "it could not be looked at: " + e;
      return switch (task) {
        case NotaryTask.Check check ->
            new NotaryAnswer.Identified(
                check.peer(), check.certificate(), new PeerIdentity.Refused(reason));
        case NotaryTask.Sign sign -> new NotaryAnswer.Declined(sign.settlement().id(), reason);
        case NotaryTask.Countersign sign ->
            new NotaryAnswer.Declined(sign.settlement().id(), reason);
        case NotaryTask.Verify verify ->
            new NotaryAnswer.Declined(verify.settlement().id(), reason);
      };
    }
  }

  /** Whether nothing is being looked at. */
  boolean isIdle() {
    return open.get() == 0;
  }
}
