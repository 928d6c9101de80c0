package chargepile.agent.voucher;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage.LockProof;
import chargepile.agent.voucher.wire.VoucherMessage.Proof;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherGiven;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherReestablish;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherRequest;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Optional;

/**
 * A usable channel's claims (P1-29). The metering side says {@code voucher_request}; the other
 * answers with its next voucher, whose evidence is the claim: from there the money has moved, after
 * one round trip. Where the metering side pays (V2G, or what was paid ahead is given back) its own
 * voucher comes with the claim, and the answer pays nothing and signs the totals alone.
 */
final class PayingSteps {
  private final VoucherExchange exchange;
  private final EndingSteps ending;
  private final OfferedLockSteps offered;

  PayingSteps(VoucherExchange exchange, EndingSteps ending, OfferedLockSteps offered) {
    this.exchange = exchange;
    this.ending = ending;
    this.offered = offered;
  }

  void claim(Step step, Normal stage, EnergyClaim claim) {
    VoucherBook book = stage.book();
    if (!book.setup().metering()) {
      step.refuse("only the metering side claims energy");
    } else if (!step.isUp()) {
      step.refuse("there is no link to the peer");
    } else if (stage.closing().isPresent()) {
      step.refuse("the channel is closing");
    } else if (book.pending().isPresent()) {
      step.refuse("the last claim is not answered yet");
    } else {
      Payment payment = Payment.of(book, claim);
      boolean paysLock = book.offered().filter(lock -> !isSimplyPending(lock)).isPresent();
      if (paysLock && !payment.by(book.setup().own()).equals(Amount.ZERO)) {
        step.refuse("the peer has yet to confirm that a lock was paid");
        return;
      }
      payment.objection(book).ifPresentOrElse(step::refuse, () -> ask(step, stage, claim, payment));
    }
  }

  private static boolean isSimplyPending(Lock lock) {
    return lock.status() == Lock.Status.PENDING;
  }

  private void ask(Step step, Normal stage, EnergyClaim claim, Payment payment) {
    VoucherBook book = stage.book().asking(claim);
    Amount own = payment.by(book.setup().own());
    if (!own.equals(Amount.ZERO)) {
      book = exchange.pay(book, own, VoucherExchange.evidence(book.id(), claim));
    }
    step.to(stage.with(book)).store("energy claimed").send(request(book, claim));
  }

  private static VoucherRequest request(VoucherBook book, EnergyClaim claim) {
    return new VoucherRequest(
        book.id(),
        claim,
        book.sent().filter(sent -> isFor(book, claim, sent)).map(VoucherExchange::proof),
        LockExchange.renewal(book.own()));
  }

  private static boolean isFor(VoucherBook book, EnergyClaim claim, SignedVoucher voucher) {
    return voucher.voucher().evidence().equals(VoucherExchange.evidence(book.id(), claim));
  }

  /** A claim of the peer's, which the session has accepted. */
  void requested(Step step, Normal stage, VoucherRequest request) {
    if (stage.closing().isPresent()) {
      return; // it was said before the own shutdown was heard, and lapses with it
    }
    VoucherBook book = stage.book();
    if (book.setup().metering()) {
      throw new ProtocolException("voucher_request from the side that does not meter");
    }
    ByteVector32 evidence = VoucherExchange.evidence(book.id(), request.claim());
    Payment payment = Payment.of(book, request.claim());
    Party own = book.setup().own();
    VoucherBook paid = paid(book, request, payment.by(own.other()), evidence);
    Optional<String> objection = payment.objectionToPaying(book);
    if (objection.isPresent()) {
      ending.refuse(step, stage, objection.get());
      return;
    }
    VoucherBook next = exchange.pay(paid, payment.by(own), evidence).agreed(request.claim());
    step.to(stage.with(next))
        .store("voucher %d signed".formatted(next.seqOf(own)))
        .send(
            new VoucherGiven(
                next.id(),
                VoucherExchange.proof(next.sent().orElseThrow()),
                LockExchange.renewal(next.own())))
        .tell(new VoucherNotice.EnergySettled(request.claim()));
  }

  /** With the voucher that came with the claim, where the peer pays. */
  private VoucherBook paid(
      VoucherBook book, VoucherRequest request, Amount amount, ByteVector32 evidence) {
    if (request.paid().isPresent() == amount.equals(Amount.ZERO)) {
      throw new ProtocolException(
          "the claim has its side pay %,d units and bears %s voucher"
              .formatted(amount.value(), request.paid().isPresent() ? "a" : "no"));
    }
    if (request.paid().isEmpty()) {
      return book;
    }
    SignedVoucher voucher = exchange.next(book, request.paid().get(), amount, evidence);
    return exchange
        .locks()
        .renewedByPeer(book.with(VoucherExchange.covered(book, voucher)), request.lock());
  }

  /** The peer's answer to the own claim. */
  void given(Step step, Normal stage, VoucherGiven given) {
    VoucherBook book = stage.book();
    if (book.pending().isEmpty()) {
      throw new ProtocolException(
          "voucher %d, which nobody asked for".formatted(given.proof().seq()));
    }
    take(step, stage, book.pending().get(), given.proof(), given.lock());
    offered.payIfDue(step);
    ending.sayShutdownIfQuiet(step);
  }

  private void take(Step step, Normal stage, EnergyClaim claim, Proof proof, Optional<Proof> lock) {
    VoucherBook book = stage.book();
    Amount more = Payment.of(book, claim).by(book.setup().own().other());
    ByteVector32 evidence = VoucherExchange.evidence(book.id(), claim);
    SignedVoucher voucher =
        VoucherExchange.covered(book, exchange.next(book, proof, more, evidence));
    step.to(stage.with(exchange.locks().renewedByPeer(book.with(voucher), lock).agreed(claim)))
        .store("voucher %d received".formatted(voucher.voucher().seq()))
        .tell(new VoucherNotice.EnergySettled(claim));
  }

  /**
   * After a reconnection: the answer that got lost is taken in, be it for a claim, for a lock or
   * for both; a claim that never arrived is said again as it was, for its meter record has a number
   * that no later one may skip. Of a channel that is closing it lapses.
   */
  void takeUp(Step step, Normal stage, VoucherReestablish message) {
    VoucherBook book = stage.book();
    long heard = book.seqOf(book.setup().own().other());
    Optional<Proof> lost = message.sent().filter(proof -> proof.seq() > heard);
    try {
      lost.ifPresent(proof -> takeLost(step, stage, proof, message.sentLock()));
    } catch (UndecidedLockException e) {
      step.alert(e.reason());
      return; // it is said again on the next link
    }
    if (step.stage() instanceof Normal now && now.book().pending().isPresent()) {
      VoucherBook open = now.book();
      if (now.closing().isEmpty()) {
        step.send(request(open, open.pending().get()));
      } else {
        step.to(now.with(open.answered())).store("claim lapsed with the link");
      }
    }
  }

  private void takeLost(Step step, Normal stage, Proof proof, Optional<LockProof> renewed) {
    VoucherBook book = stage.book();
    Optional<EnergyClaim> claim = book.pending().filter(_ -> book.setup().metering());
    Optional<Lock> lock = asked(book);
    if (lock.isPresent() && (isBoth(book, claim, proof) || isFor(lock.get(), proof))) {
      SignedVoucher voucher =
          VoucherExchange.covered(book, exchange.signedBy(book, book.setup().own().other(), proof));
      VoucherBook paid = book.with(voucher);
      boolean both = isBoth(book, claim, proof);
      TakenLockSteps.settled(
          step, stage.with(both ? paid.agreed(claim.orElseThrow()) : paid), lock.get());
      if (both) {
        step.tell(new VoucherNotice.EnergySettled(claim.orElseThrow()));
      }
    } else if (claim.isPresent()) {
      take(step, stage, claim.get(), proof, renewed.map(LockProof::proof));
    }
  }

  /** The peer's lock that it was asked to pay. */
  private static Optional<Lock> asked(VoucherBook book) {
    return book.taken().filter(lock -> lock.preimage().isPresent());
  }

  private static boolean isFor(Lock lock, Proof proof) {
    return proof.evidence().equals(lock.voucher().evidence());
  }

  /** Whether both the claim and the lock were answered, one after the other. */
  private static boolean isBoth(VoucherBook book, Optional<EnergyClaim> claim, Proof proof) {
    Party peer = book.setup().own().other();
    return claim.isPresent()
        && asked(book).isPresent()
        && proof.seq() == book.seqOf(peer) + 2
        && proof
            .cumulative()
            .minusOrZero(book.paidBy(peer))
            .minusOrZero(Payment.of(book, claim.get()).by(peer))
            .equals(asked(book).get().amount());
  }

  /**
   * Whether the peer signed what this side does not remember to have asked for, or a claim that it
   * does not remember to have answered.
   */
  static boolean isUnasked(VoucherBook book, Optional<Proof> theirs) {
    Party peer = book.setup().own().other();
    long more = theirs.map(Proof::seq).orElse(0L) - book.seqOf(peer);
    if (more <= 0) {
      return false;
    }
    Proof proof = theirs.orElseThrow();
    boolean paysLock = asked(book).filter(lock -> isFor(lock, proof)).isPresent();
    if (!book.setup().metering()) {
      // The one that comes with a claim is said again with it.
      return more > 1 && !paysLock;
    }
    boolean answers =
        book.pending()
            .map(claim -> VoucherExchange.evidence(book.id(), claim))
            .filter(proof.evidence()::equals)
            .isPresent();
    return more == 1 ? !(paysLock || answers) : !isBoth(book, book.pending(), proof);
  }
}
