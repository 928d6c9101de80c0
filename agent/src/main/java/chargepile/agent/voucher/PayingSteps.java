package chargepile.agent.voucher;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage.Proof;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherGiven;
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

  PayingSteps(VoucherExchange exchange, EndingSteps ending) {
    this.exchange = exchange;
    this.ending = ending;
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
      payment.objection(book).ifPresentOrElse(step::refuse, () -> ask(step, stage, claim, payment));
    }
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
        book.sent().filter(sent -> isFor(book, claim, sent)).map(VoucherExchange::proof));
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
        .send(new VoucherGiven(next.id(), VoucherExchange.proof(next.sent().orElseThrow())))
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
    return request.paid().isEmpty()
        ? book
        : book.with(covered(book, exchange.next(book, request.paid().get(), amount, evidence)));
  }

  /** The peer's answer to the own claim. */
  void given(Step step, Normal stage, VoucherGiven given) {
    VoucherBook book = stage.book();
    if (book.pending().isEmpty()) {
      throw new ProtocolException(
          "voucher %d, which nobody asked for".formatted(given.proof().seq()));
    }
    take(step, stage, book.pending().get(), given.proof());
    ending.sayShutdownIfQuiet(step);
  }

  private void take(Step step, Normal stage, EnergyClaim claim, Proof proof) {
    VoucherBook book = stage.book();
    Amount more = Payment.of(book, claim).by(book.setup().own().other());
    ByteVector32 evidence = VoucherExchange.evidence(book.id(), claim);
    SignedVoucher voucher = covered(book, exchange.next(book, proof, more, evidence));
    step.to(stage.with(book.with(voucher).agreed(claim)))
        .store("voucher %d received".formatted(voucher.voucher().seq()))
        .tell(new VoucherNotice.EnergySettled(claim));
  }

  private static SignedVoucher covered(VoucherBook book, SignedVoucher voucher) {
    if (!VoucherExchange.isCovered(book, voucher.voucher().cumulative())) {
      throw new ProtocolException(
          "voucher %d over %,d units is more than the peer has in the channel"
              .formatted(voucher.voucher().seq(), voucher.voucher().cumulative().value()));
    }
    return voucher;
  }

  /**
   * After a reconnection: the answer that got lost is taken in; a claim that never arrived is said
   * again as it was, for its meter record has a number that no later one may skip. Of a channel
   * that is closing it lapses.
   *
   * @param sent the peer's latest voucher
   */
  void takeUp(Step step, Normal stage, Optional<Proof> sent) {
    VoucherBook book = stage.book();
    EnergyClaim claim = book.pending().orElse(null);
    if (claim == null) {
      return;
    }
    long heard = book.seqOf(book.setup().own().other());
    Optional<Proof> answer = sent.filter(proof -> proof.seq() > heard);
    if (answer.isPresent()) {
      take(step, stage, claim, answer.get());
    } else if (stage.closing().isEmpty()) {
      step.send(request(book, claim));
    } else {
      step.to(stage.with(book.answered())).store("claim lapsed with the link");
    }
  }
}
