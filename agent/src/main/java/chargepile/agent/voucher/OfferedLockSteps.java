package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.Lock.Status;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage.LockDone;
import chargepile.agent.voucher.wire.VoucherMessage.LockFailed;
import chargepile.agent.voucher.wire.VoucherMessage.LockOffer;
import chargepile.agent.voucher.wire.VoucherMessage.LockPaid;
import chargepile.agent.voucher.wire.VoucherMessage.LockPreimage;
import chargepile.agent.voucher.wire.VoucherMessage.LockProof;
import chargepile.agent.voucher.wire.VoucherMessageCodec;
import java.util.Optional;

/**
 * The own lock (P2-17): offered, and paid by an ordinary voucher over the whole once the peer shows
 * the preimage.
 *
 * <p>Shown too late for this side to make it public before the expiry (P1-31), it is not paid until
 * the chain finally holds it: whoever pays here to be paid elsewhere under the same hash could be
 * left with the one and without the other.
 */
final class OfferedLockSteps {
  private final VoucherSettings settings;
  private final VoucherExchange exchange;
  private final EndingSteps ending;

  OfferedLockSteps(VoucherContext context, VoucherExchange exchange, EndingSteps ending) {
    this.settings = context.settings();
    this.exchange = exchange;
    this.ending = ending;
  }

  void offer(Step step, Normal stage, VoucherEvent.AddHtlc wanted) {
    VoucherBook book = stage.book();
    Optional<String> objection =
        step.isUp() ? objection(stage, wanted) : Optional.of("there is no link to the peer");
    if (objection.isPresent()) {
      step.refuse(objection.get());
      return;
    }
    Lock lock = exchange.locks().offer(book, wanted);
    step.to(stage.with(book.with(lock)))
        .store("lock %d offered".formatted(lock.id()))
        .send(message(book, lock));
  }

  private Optional<String> objection(Normal stage, VoucherEvent.AddHtlc wanted) {
    VoucherBook book = stage.book();
    Amount spendable = book.spendable(book.setup().own());
    if (stage.closing().isPresent()) {
      return Optional.of("the channel is closing");
    }
    if (book.offered().isPresent()) {
      return Optional.of("lock %d is not settled yet".formatted(book.offered().get().id()));
    }
    if (isPaying(book)) {
      return Optional.of("the last claim is not answered yet");
    }
    if (wanted.amount().equals(Amount.ZERO) || wanted.amount().compareTo(spendable) > 0) {
      return Optional.of(
          "%,d units are to be paid, %,d can be"
              .formatted(wanted.amount().value(), spendable.value()));
    }
    if (wanted.amount().value() > Long.MAX_VALUE - book.own().total().value()) {
      return Optional.of("the channel's vouchers have reached their largest amount");
    }
    if (wanted.onion().size() > VoucherMessageCodec.ONION_BYTES) {
      return Optional.of("the onion has %d bytes".formatted(wanted.onion().size()));
    }
    return LockTerms.objection(settings, book, wanted.expiry());
  }

  /** Whether a claim is under way with an own voucher. */
  static boolean isPaying(VoucherBook book) {
    return book.pending()
        .map(claim -> Payment.of(book, claim).by(book.setup().own()))
        .filter(amount -> !amount.equals(Amount.ZERO))
        .isPresent();
  }

  private static LockOffer message(VoucherBook book, Lock lock) {
    return new LockOffer(book.id(), LockExchange.proof(lock), lock.onion());
  }

  /** The peer asks to be paid. */
  void heard(Step step, Normal stage, LockPreimage said) {
    VoucherBook book = stage.book();
    Lock lock = book.offered().filter(offered -> offered.id() == said.lockId()).orElse(null);
    if (lock == null) {
      requireKnown(book, said.lockId());
      return; // it is paid, or the chain said that it is not to be
    }
    if (!lock.voucher().isOpenedBy(said.preimage())) {
      throw new ProtocolException("a preimage that does not open lock " + lock.id());
    }
    if (lock.status() != Status.PENDING) {
      return;
    }
    Lock known = lock.knowing(said.preimage());
    step.to(stage.with(book.with(known)));
    if (lock.preimage().isEmpty()) {
      step.store("preimage of lock %d heard".formatted(lock.id()))
          .tell(new VoucherNotice.HtlcFulfilled(lock.id(), said.preimage()));
    }
    if (lock.isOpen() || LockTerms.isEarly(settings, book.time(), lock)) {
      pay(step, known);
    }
  }

  private void pay(Step step, Lock lock) {
    Normal stage = (Normal) step.stage();
    VoucherBook book = stage.book();
    if (isPaying(book)) {
      step.to(stage.with(book.with(lock.to(Status.DUE)))).store("lock %d due".formatted(lock.id()));
      return;
    }
    VoucherBook paid =
        exchange.pay(book.with(lock.to(Status.PAID)), lock.amount(), lock.voucher().evidence());
    step.to(stage.with(paid))
        .store("lock %d paid".formatted(lock.id()))
        .send(new LockPaid(book.id(), lock.id(), VoucherExchange.proof(paid.sent().orElseThrow())));
  }

  /** Pays what had to wait for the answer to a claim. */
  void payIfDue(Step step) {
    if (step.stage() instanceof Normal stage && step.isUp()) {
      stage
          .book()
          .offered()
          .filter(lock -> lock.status() == Status.DUE && !isPaying(stage.book()))
          .ifPresent(lock -> pay(step, lock));
    }
  }

  void heard(Step step, Normal stage, LockFailed said) {
    VoucherBook book = stage.book();
    requireKnown(book, said.lockId());
    book.offered()
        .filter(lock -> lock.id() == said.lockId() && lock.preimage().isEmpty())
        .filter(lock -> lock.failure().isEmpty())
        .ifPresent(
            lock ->
                step.to(stage.with(book.with(lock.failing(said.reason()))))
                    .store("lock %d given back".formatted(lock.id()))
                    .tell(new VoucherNotice.HtlcFailed(lock.id(), said.reason())));
  }

  void heard(Step step, Normal stage, LockDone said) {
    requireKnown(stage.book(), said.lockId());
    done(step, stage, said.lockId());
    ending.proposeIfAgreed(step);
  }

  private static void done(Step step, Normal stage, long id) {
    stage
        .book()
        .offered()
        .filter(lock -> lock.id() == id && lock.status() == Status.PAID)
        .ifPresent(
            lock ->
                step.to(stage.with(stage.book().with(lock.to(Status.OVER))))
                    .store("lock %d settled".formatted(id)));
  }

  private static void requireKnown(VoucherBook book, long id) {
    if (id > book.own().lockSeq()) {
      throw new ProtocolException("lock %d, which was not offered".formatted(id));
    }
  }

  /**
   * After a reconnection: a lock that the peer lacks is said again, after the claim that it comes
   * on top of; a payment that it holds is settled.
   *
   * @param holdsAll whether the peer holds the own latest voucher
   * @param theirs the latest lock that it holds
   */
  void takeUp(Step step, boolean holdsAll, Optional<LockProof> theirs) {
    if (!(step.stage() instanceof Normal stage)) {
      return;
    }
    VoucherBook book = stage.book();
    Lock lock = book.offered().orElse(null);
    if (lock == null) {
      return;
    }
    switch (lock.status()) {
      case PENDING, DUE -> {
        if (theirs.filter(LockExchange.proof(lock)::equals).isEmpty()) {
          step.send(message(book, lock));
        }
        payIfDue(step);
      }
      case PAID -> {
        if (holdsAll) {
          done(step, stage, lock.id());
        }
      }
      case OVER -> {}
    }
  }
}
