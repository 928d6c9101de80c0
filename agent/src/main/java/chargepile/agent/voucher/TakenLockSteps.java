package chargepile.agent.voucher;

import chargepile.agent.voucher.Lock.Status;
import chargepile.agent.voucher.VoucherStage.Established;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage.LockDone;
import chargepile.agent.voucher.wire.VoucherMessage.LockFailed;
import chargepile.agent.voucher.wire.VoucherMessage.LockOffer;
import chargepile.agent.voucher.wire.VoucherMessage.LockPaid;
import chargepile.agent.voucher.wire.VoucherMessage.LockPreimage;
import chargepile.agent.voucher.wire.VoucherMessageCodec;
import fr.acinq.bitcoin.ByteVector;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The peer's lock (P2-17): taken or given back, fulfilled with its preimage, and paid by the peer's
 * ordinary voucher over the whole.
 */
final class TakenLockSteps {
  private final VoucherSettings settings;
  private final VoucherExchange exchange;
  private final EndingSteps ending;

  TakenLockSteps(VoucherContext context, VoucherExchange exchange, EndingSteps ending) {
    this.settings = context.settings();
    this.exchange = exchange;
    this.ending = ending;
  }

  void heard(Step step, Normal stage, LockOffer offer) {
    VoucherBook book = stage.book();
    long id = offer.lock().id();
    Lock last = book.peer().lock().orElse(null);
    if (last != null && last.id() == id) {
      again(step, stage, last, offer);
      return;
    }
    if (last != null && !last.isOver()) {
      var fault =
          new ProtocolException("lock %d while lock %d is pending".formatted(id, last.id()));
      throw LockExchange.isUndecided(book, last) ? new UndecidedLockException(last, fault) : fault;
    }
    if (id <= book.peer().lockSeq()) {
      throw new ProtocolException(
          "lock %d, the last conditional voucher was %d".formatted(id, book.peer().lockSeq()));
    }
    Lock lock = exchange.locks().offered(book, offer);
    if (settings.maxLock().isZero()) {
      decline(step, stage, lock);
      return;
    }
    Optional<String> objection = objection(stage, lock);
    if (objection.isPresent()) {
      Lock failing = lock.failing(reason(objection.get()));
      step.to(stage.with(book.with(failing)))
          .store("lock %d not taken: %s".formatted(id, objection.get()));
      sayAnswer(step, failing);
    } else {
      step.to(stage.with(book.with(lock))).store("lock %d taken".formatted(id));
      offered(step, lock);
    }
  }

  /**
   * Who takes no locks wants nothing of this one. What it was offered last is kept for the numbers,
   * and for a payer that pays it nevertheless; it is not counted, and the chain is never asked.
   */
  private static void decline(Step step, Normal stage, Lock lock) {
    Lock declined = lock.failing(reason(LockTerms.NO_LOCKS)).to(Status.OVER);
    step.to(stage.with(stage.book().with(declined))).store("lock %d declined".formatted(lock.id()));
    sayFailed(step, stage, declined);
  }

  private static void sayFailed(Step step, Normal stage, Lock lock) {
    lock.failure().ifPresent(why -> step.send(new LockFailed(stage.book().id(), lock.id(), why)));
  }

  /** Said again after a reconnection, perhaps on top of a later voucher. */
  private void again(Step step, Normal stage, Lock last, LockOffer offer) {
    if (last.isOver()) {
      sayFailed(step, stage, last); // the peer has not heard it
    } else if (last.isPending()) {
      VoucherBook book = stage.book();
      VoucherBook renewed = exchange.locks().renewedByPeer(book, Optional.of(offer.lock().proof()));
      if (!renewed.equals(book)) {
        step.to(stage.with(renewed)).store("lock %d renewed".formatted(last.id()));
      }
    }
  }

  /** It is signed and could be redeemed, but this side would have to see to it at once. */
  private Optional<String> objection(Normal stage, Lock lock) {
    if (stage.closing().isPresent()) {
      return Optional.of("the channel is closing");
    }
    if (!VoucherExchange.isCovered(stage.book(), lock.voucher().cumulative())) {
      return Optional.of("it is more than the payer has in the channel");
    }
    return LockTerms.objection(settings, stage.book(), lock.expiry());
  }

  private static ByteVector reason(String text) {
    return new ByteVector(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void offered(Step step, Lock lock) {
    step.tell(
        new VoucherNotice.HtlcReceived(
            lock.id(), lock.amount(), lock.hashlock(), lock.expiry(), lock.onion()));
  }

  /** What this side has decided, said on every link until the lock is over. */
  static void sayAnswer(Step step, Lock lock) {
    if (step.stage() instanceof Normal stage && step.isUp() && lock.isPending()) {
      if (lock.preimage().isPresent()) {
        step.send(new LockPreimage(stage.book().id(), lock.id(), lock.preimage().get()));
      } else if (lock.failure().isPresent()) {
        step.send(new LockFailed(stage.book().id(), lock.id(), lock.failure().get()));
      }
    }
  }

  void fulfil(Step step, Established stage, VoucherEvent.FulfillHtlc wanted) {
    VoucherBook book = stage.book();
    Lock lock = book.taken().filter(taken -> taken.id() == wanted.id()).orElse(null);
    if (lock == null) {
      step.refuse("no lock %d of the peer's is pending".formatted(wanted.id()));
    } else if (!lock.voucher().isOpenedBy(wanted.preimage())) {
      step.refuse("the preimage does not open lock " + lock.id());
    } else if (lock.preimage().isEmpty()) {
      Lock known = lock.knowing(wanted.preimage());
      step.to(stage.with(book.with(known))).store("preimage of lock %d known".formatted(lock.id()));
      sayAnswer(step, known);
      LockWatch.register(step, settings);
    }
  }

  void fail(Step step, Established stage, VoucherEvent.FailHtlc wanted) {
    VoucherBook book = stage.book();
    Lock lock = book.taken().filter(taken -> taken.id() == wanted.id()).orElse(null);
    if (lock == null) {
      step.refuse("no lock %d of the peer's is pending".formatted(wanted.id()));
    } else if (lock.preimage().isPresent()) {
      step.refuse("the preimage of lock %d is known".formatted(lock.id()));
    } else if (wanted.reason().size() > VoucherMessageCodec.REASON_BYTES) {
      step.refuse("the reason has %d bytes".formatted(wanted.reason().size()));
    } else if (lock.failure().isEmpty()) {
      Lock failing = lock.failing(wanted.reason());
      step.to(stage.with(book.with(failing))).store("lock %d given back".formatted(lock.id()));
      sayAnswer(step, failing);
    }
  }

  /** The peer's voucher for a lock, be it asked for or not. */
  void heard(Step step, Normal stage, LockPaid paid) {
    VoucherBook book = stage.book();
    Lock lock = book.peer().lock().filter(last -> last.id() == paid.lockId()).orElse(null);
    if (lock == null) {
      throw new ProtocolException(
          "voucher for lock %d, which is not known".formatted(paid.lockId()));
    }
    if (paid.proof().seq() > book.seqOf(book.setup().own().other())) {
      SignedVoucher voucher = exchange.forLock(book, lock, paid.proof());
      settled(step, stage.with(book.with(voucher)), lock);
    } else {
      step.send(new LockDone(book.id(), lock.id())); // taken in already
    }
    ending.proposeIfAgreed(step);
  }

  /** The whole is paid by the voucher that {@code stage} has. */
  static void settled(Step step, Normal stage, Lock lock) {
    VoucherBook book = stage.book();
    step.to(stage.with(book.with(lock.to(Status.OVER))))
        .store("lock %d was paid".formatted(lock.id()))
        .send(new LockDone(book.id(), lock.id()));
  }

  /** After a reconnection: what this side has decided is said, or asked for again. */
  static void takeUp(Step step) {
    step.next()
        .book()
        .flatMap(VoucherBook::taken)
        .ifPresent(
            lock -> {
              if (lock.preimage().isEmpty() && lock.failure().isEmpty()) {
                offered(step, lock);
              } else {
                sayAnswer(step, lock);
              }
            });
  }
}
