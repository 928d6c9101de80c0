package chargepile.agent.voucher;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.Amount;
import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.eip712.CooperativeClose;
import chargepile.agent.voucher.eip712.Voucher;
import chargepile.agent.voucher.wire.VoucherMessage.Proof;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherRequest;
import chargepile.agent.voucher.wire.VoucherMessageCodec;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Signs the own vouchers and closes, and checks the peer's. A number is signed for one content
 * only: each voucher follows the one in the book, and the book is stored before the voucher is
 * said.
 */
final class VoucherExchange {
  private final Signer signer;
  private final PrivateKey key;
  private final LockExchange locks;

  VoucherExchange(VoucherContext context) {
    this.signer = context.signer();
    this.key = context.key();
    this.locks = new LockExchange(signer, key);
  }

  LockExchange locks() {
    return locks;
  }

  /** What a voucher is signed for: the claim as it is said, with its meter record. */
  static ByteVector32 evidence(VoucherChannelId channel, EnergyClaim claim) {
    return Keccak256.hash(
        new ByteVector(
            VoucherMessageCodec.encode(new VoucherRequest(channel, claim, Optional.empty()))));
  }

  /**
   * The book with the own next voucher, which pays {@code more} than the last, and with the own
   * pending lock on top of it.
   */
  VoucherBook pay(VoucherBook book, Amount more, ByteVector32 evidence) {
    VoucherSetup setup = book.setup();
    Voucher voucher =
        new Voucher(
            book.id(),
            setup.ownAddress(),
            book.paidBy(setup.own()).plus(more),
            book.seqOf(setup.own()) + 1,
            evidence);
    return locks.renew(
        book.with(new SignedVoucher(voucher, setup.domain().sign(signer, voucher, key))));
  }

  /**
   * The peer's next voucher, which must pay {@code more} than its last.
   *
   * @throws ProtocolException when it does not, or is not signed by the peer
   */
  SignedVoucher next(VoucherBook book, Proof proof, Amount more, ByteVector32 evidence) {
    Party peer = book.setup().own().other();
    long seq = book.seqOf(peer) + 1;
    Amount cumulative = book.paidBy(peer).plus(more);
    if (proof.seq() != seq
        || !proof.cumulative().equals(cumulative)
        || !proof.evidence().equals(evidence)) {
      throw new ProtocolException(
          "voucher %d over %,d units, awaited is %d over %,d units%s"
              .formatted(
                  proof.seq(),
                  proof.cumulative().value(),
                  seq,
                  cumulative.value(),
                  proof.evidence().equals(evidence) ? "" : " for another claim"));
    }
    return signedBy(book, peer, proof);
  }

  /**
   * The peer's voucher for a lock: over the whole, or more where the link was lost before.
   *
   * @throws ProtocolException when it is over less, or not signed by the peer
   */
  SignedVoucher forLock(VoucherBook book, Lock lock, Proof proof) {
    Payments paid = book.peer();
    Amount more = proof.cumulative().minusOrZero(paid.total());
    if (proof.seq() <= paid.seq()
        || more.compareTo(lock.amount()) < 0
        || !proof.evidence().equals(lock.voucher().evidence())) {
      throw new ProtocolException(
          "voucher %d over %,d units does not pay lock %d of %,d on top of %,d"
              .formatted(
                  proof.seq(),
                  proof.cumulative().value(),
                  lock.id(),
                  lock.amount().value(),
                  paid.total().value()));
    }
    return covered(book, signedBy(book, book.setup().own().other(), proof));
  }

  /**
   * The voucher, if the peer's deposit covers it.
   *
   * @throws ProtocolException when it does not
   */
  static SignedVoucher covered(VoucherBook book, SignedVoucher voucher) {
    if (!isCovered(book, voucher.voucher().cumulative())) {
      throw new ProtocolException(
          "voucher %d over %,d units is more than the peer has in the channel"
              .formatted(voucher.voucher().seq(), voucher.voucher().cumulative().value()));
    }
    return voucher;
  }

  /**
   * A voucher of a side's, whatever its number.
   *
   * @throws ProtocolException when that side did not sign it
   */
  SignedVoucher signedBy(VoucherBook book, Party party, Proof proof) {
    VoucherSetup setup = book.setup();
    Voucher voucher =
        new Voucher(
            book.id(), setup.address(party), proof.cumulative(), proof.seq(), proof.evidence());
    if (!setup.domain().isSigned(signer, voucher, proof.signature(), setup.address(party))) {
      throw new ProtocolException(
          "voucher %d is not signed by %s for this channel"
              .formatted(proof.seq(), setup.address(party)));
    }
    return new SignedVoucher(voucher, proof.signature());
  }

  /**
   * Whether the peer's vouchers are covered: c_in is at most what it put in and was paid. Then the
   * contract pays this side all that they say, whatever the peer presents. A deposit that was final
   * once counts: a view that goes back is no fault of the peer's.
   */
  static boolean isCovered(VoucherBook book, Amount cumulative) {
    Party own = book.setup().own();
    return number(cumulative)
            .compareTo(number(book.funds().most().of(own.other())).add(number(book.paidBy(own))))
        <= 0;
  }

  EvmSignature sign(VoucherSetup setup, CooperativeClose close) {
    return setup.domain().sign(signer, close, key);
  }

  /** Whether the peer signed a cooperative close. */
  boolean isSignedByPeer(VoucherSetup setup, CooperativeClose close, EvmSignature signature) {
    return setup.domain().isSigned(signer, close, signature, setup.peerAddress());
  }

  /** A voucher as it is said. */
  static Proof proof(SignedVoucher signed) {
    Voucher voucher = signed.voucher();
    return new Proof(voucher.cumulative(), voucher.seq(), voucher.evidence(), signed.signature());
  }

  private static BigInteger number(Amount amount) {
    return BigInteger.valueOf(amount.value());
  }
}
