package chargepile.agent.voucher;

import chargepile.agent.voucher.Lock.Seen;
import chargepile.agent.voucher.Lock.Status;
import chargepile.agent.voucher.VoucherEvent.PreimageSaid;
import chargepile.agent.voucher.VoucherEvent.Registration;
import chargepile.agent.voucher.VoucherStage.Established;
import chargepile.agent.voucher.VoucherStage.Normal;
import fr.acinq.bitcoin.ByteVector32;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the chain has to do with locks (P2-17): it may make a preimage public, and says when one
 * expired without. What is to be done follows from the state and the chain's word alone, and is
 * asked for again until that word shows it.
 */
final class LockWatch {
  /**
   * How long a payer counts its lock after the chain finally knows that it expired: the payee's
   * node may lag behind, and would miss it in the next voucher.
   */
  private static final long GRACE_SECONDS = 120;

  private LockWatch() {}

  /** With every view: what is asked, what is said again, and what is to be made public. */
  static void look(Step step, VoucherSettings settings) {
    forget(step, settings);
    if (step.stage() instanceof Established stage) {
      VoucherBook book = stage.book();
      Set<ByteVector32> asked = new LinkedHashSet<>();
      book.offered()
          .filter(lock -> lock.isPending() && !isAnswered(lock))
          .ifPresent(lock -> asked.add(lock.hashlock()));
      book.taken()
          .filter(lock -> !isAnswered(lock) && !isLeftAlone(book, lock))
          .ifPresent(lock -> asked.add(lock.hashlock()));
      asked.forEach(hash -> step.errand(new VoucherAction.AskPreimage(book.setup(), hash)));
      book.taken().filter(LockWatch::isAnswered).ifPresent(l -> TakenLockSteps.sayAnswer(step, l));
      register(step, settings);
    }
  }

  /** Whether the chain can say nothing more of it. */
  private static boolean isAnswered(Lock lock) {
    return lock.isOpen() && lock.preimage().isPresent();
  }

  /**
   * What this side has given back is of no interest to it before its time is up: then the chain is
   * asked what became of it. Else a peer would have it asked for what it pleases.
   */
  private static boolean isLeftAlone(VoucherBook book, Lock lock) {
    return lock.isGivenBack() && book.time() < lock.expiry();
  }

  /** Who takes no locks any more wants nothing of those that it gave back, and asks nobody. */
  private static void forget(Step step, VoucherSettings settings) {
    if (settings.maxLock().isZero() && step.stage() instanceof Established stage) {
      VoucherBook book = stage.book();
      book.taken()
          .filter(Lock::isGivenBack)
          .ifPresent(lock -> become(step, lock, lock.to(Status.OVER)));
    }
  }

  /** Makes a preimage public whose lock is about to expire. */
  static void register(Step step, VoucherSettings settings) {
    if (step.stage() instanceof Established stage) {
      VoucherBook book = stage.book();
      book.taken()
          .filter(lock -> lock.preimage().isPresent() && lock.seen() == Seen.NOWHERE)
          .filter(lock -> LockTerms.isUrgent(settings, book.time(), lock))
          .ifPresent(
              lock ->
                  step.errand(
                      new VoucherAction.RegisterPreimage(
                          book.setup(), lock.preimage().orElseThrow(), lock.expiry())));
    }
  }

  /** What a channel that closes wants for the peer's lock. */
  static void redeem(Step step, VoucherBook book, OnLedger.Closing state) {
    Lock lock = book.taken().orElse(null);
    Party peer = book.setup().own().other();
    if (lock == null || lock.voucher().cumulative().compareTo(state.paidBy(peer)) <= 0) {
      return;
    }
    boolean inTime = book.time() < lock.expiry();
    long held = lock.expiry() + book.setup().challengePeriod().toSeconds();
    if (lock.preimage().isPresent()) {
      if (inTime || lock.seen() != Seen.NOWHERE) {
        step.errand(new VoucherAction.Redeem(book.setup(), lock.signed(), lock.preimage().get()));
      }
    } else if (inTime && state.settleAfter() < held) {
      if (exceedsWhatIsThere(book, lock, state)) {
        book.sent().ifPresent(own -> step.errand(new VoucherAction.Challenge(book.setup(), own)));
      }
      step.errand(new VoucherAction.Hold(book.setup(), lock.signed()));
    }
  }

  /**
   * The contract holds no more than is in it and was paid back, as far as it knows: a peer that
   * closes without what this side has paid it makes that known by this side alone.
   */
  private static boolean exceedsWhatIsThere(VoucherBook book, Lock lock, OnLedger.Closing state) {
    long most = state.deposits().total().value() + state.paidBy(book.setup().own()).value();
    boolean overflows = most < 0;
    return !overflows && lock.voucher().cumulative().value() > most;
  }

  /**
   * What the chain says of a preimage. An entry that was undone is made again at once: until the
   * next view, the lock may have expired.
   */
  static void said(Step step, PreimageSaid said, VoucherSettings settings) {
    Optional<Registration> latest = said.latest().filter(entry -> isOf(said, entry));
    Optional<Registration> last = said.finalised().filter(entry -> isOf(said, entry));
    if (step.stage() instanceof Established stage) {
      stage
          .book()
          .offered()
          .filter(lock -> lock.isPending() && lock.hashlock().equals(said.hashlock()))
          .ifPresent(lock -> offered(step, lock, latest.or(() -> last), last, said.finalTime()));
    }
    if (step.stage() instanceof Established stage) {
      stage
          .book()
          .taken()
          .filter(lock -> lock.hashlock().equals(said.hashlock()))
          .ifPresent(
              lock -> {
                taken(step, lock, latest.or(() -> last), last, said.finalTime());
                if (lock.seen() != Seen.NOWHERE) {
                  register(step, settings);
                }
              });
    }
  }

  private static boolean isOf(PreimageSaid said, Registration entry) {
    return entry.preimage().sha256().equals(said.hashlock());
  }

  private static void offered(
      Step step,
      Lock lock,
      Optional<Registration> latest,
      Optional<Registration> last,
      long finalTime) {
    Lock seen = seen(lock, latest, last);
    if (lock.preimage().isEmpty() && seen.preimage().isPresent()) {
      step.tell(new VoucherNotice.HtlcFulfilled(lock.id(), seen.preimage().get()));
    }
    boolean lapsed =
        lock.status() == Status.PENDING
            && !seen.isOpen()
            && finalTime >= lock.expiry() + GRACE_SECONDS;
    if (lapsed) {
      step.tell(new VoucherNotice.HtlcLapsed(lock.id(), "it expired"));
    }
    become(step, lock, lapsed ? seen.to(Status.OVER) : seen);
  }

  private static void taken(
      Step step,
      Lock lock,
      Optional<Registration> latest,
      Optional<Registration> last,
      long finalTime) {
    Lock seen = seen(lock, latest, last);
    boolean lapsed = !seen.isOpen() && finalTime >= lock.expiry();
    become(step, lock, lapsed ? seen.to(Status.OVER) : seen);
    boolean isNews = lock.preimage().isEmpty() && seen.preimage().isPresent();
    if (!lapsed && (isNews || seen.isOpen())) {
      TakenLockSteps.sayAnswer(step, seen); // one that came late is paid once the chain has it
    }
  }

  /** What is registered too late opens nothing. */
  private static Lock seen(Lock lock, Optional<Registration> latest, Optional<Registration> last) {
    boolean isFinal = last.filter(entry -> entry.time() < lock.expiry()).isPresent();
    Optional<Registration> inTime = latest.filter(entry -> entry.time() < lock.expiry());
    Lock known =
        inTime
            .filter(_ -> lock.preimage().isEmpty())
            .map(entry -> lock.knowing(entry.preimage()))
            .orElse(lock);
    if (lock.isOpen() || isFinal) {
      return known.seen(Seen.FINAL);
    }
    return known.seen(inTime.isPresent() ? Seen.LATEST : Seen.NOWHERE);
  }

  private static void become(Step step, Lock before, Lock now) {
    if (!now.equals(before) && step.stage() instanceof Established stage) {
      step.to(stage.with(stage.book().with(now)))
          .store(
              now.isOver()
                  ? "lock %d expired".formatted(now.id())
                  : "lock %d seen on the chain".formatted(now.id()));
    }
  }

  /** Whether a peer that is there does not pay what is due for good. */
  static boolean isDenied(Step step, Normal stage) {
    VoucherBook book = stage.book();
    return step.isUp()
        && book.taken()
            .filter(Lock::isOpen)
            .filter(
                lock -> book.time() >= lock.expiry() + book.setup().challengePeriod().toSeconds())
            .isPresent();
  }
}
