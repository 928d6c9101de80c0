package chargepile.agent.voucher;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.eip712.ConditionalVoucher;
import chargepile.agent.voucher.wire.VoucherMessage.LockOffer;
import chargepile.agent.voucher.wire.VoucherMessage.LockProof;
import chargepile.agent.voucher.wire.VoucherMessage.Proof;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.util.Optional;

/**
 * Signs the own conditional vouchers, and checks the peer's (P2-17). One stands on top of its
 * payer's latest voucher: with every later voucher it is signed anew, under the next number of its
 * own count, for the contract takes the largest and adds none to another.
 */
final class LockExchange {
  /** So that a little can be added; it is some hundred thousand million years ahead. */
  private static final long LATEST_EXPIRY = Long.MAX_VALUE / 2;

  private final Signer signer;
  private final PrivateKey key;

  LockExchange(Signer signer, PrivateKey key) {
    this.signer = signer;
    this.key = key;
  }

  /** What a lock's vouchers are signed for: its terms, and what it bears for its payee. */
  static ByteVector32 evidence(
      VoucherBook book,
      long id,
      Amount amount,
      ByteVector32 hashlock,
      long expiry,
      ByteVector onion) {
    return Keccak256.hash(
        book.id().value(),
        Eip712.word(id),
        Eip712.word(amount),
        hashlock,
        Eip712.word(expiry),
        Keccak256.hash(onion));
  }

  /** The own next lock. */
  Lock offer(VoucherBook book, VoucherEvent.AddHtlc wanted) {
    long id = book.nextOfferedId();
    ByteVector32 evidence =
        evidence(book, id, wanted.amount(), wanted.paymentHash(), wanted.expiry(), wanted.onion());
    SignedLock signed =
        sign(
            book,
            new ConditionalVoucher(
                book.id(),
                book.setup().ownAddress(),
                book.own().total().plus(wanted.amount()),
                id,
                evidence,
                wanted.paymentHash(),
                wanted.expiry()));
    return Lock.of(id, wanted.amount(), wanted.onion(), signed);
  }

  /** With the own pending lock on top of the own latest voucher. */
  VoucherBook renew(VoucherBook book) {
    Lock lock = book.own().pending().orElse(null);
    if (lock == null || isOnTop(book.own(), lock)) {
      return book;
    }
    ConditionalVoucher old = lock.voucher();
    return book.with(
        lock.renewed(
            sign(
                book,
                new ConditionalVoucher(
                    old.channel(),
                    old.payer(),
                    book.own().total().plus(lock.amount()),
                    old.seq() + 1,
                    old.evidence(),
                    old.hashlock(),
                    old.expiry()))));
  }

  private SignedLock sign(VoucherBook book, ConditionalVoucher voucher) {
    return new SignedLock(voucher, book.setup().domain().sign(signer, voucher, key));
  }

  private static boolean isOnTop(Payments payments, Lock lock) {
    return lock.voucher().cumulative().minusOrZero(payments.total()).equals(lock.amount());
  }

  /**
   * After a voucher of the peer's: its pending lock must stand on top of it. One whose time is up
   * and whose preimage nobody has shown may be gone for the peer, which is for {@link LockWatch} to
   * find out first: dropped before, it would be lost to who paid on under the same hash.
   *
   * @throws UndecidedLockException when it does not and the lock's time is up
   * @throws ProtocolException when it does not
   */
  VoucherBook renewedByPeer(VoucherBook book, Optional<Proof> renewal) {
    Lock lock = book.peer().pending().orElse(null);
    if (lock == null || isOnTop(book.peer(), lock)) {
      return book;
    }
    try {
      return book.with(renewed(book, lock, renewal));
    } catch (ProtocolException e) {
      throw isUndecided(book, lock) ? new UndecidedLockException(lock, e) : e;
    }
  }

  private Lock renewed(VoucherBook book, Lock lock, Optional<Proof> renewal) {
    if (renewal.isEmpty()) {
      throw new ProtocolException(
          "a voucher without lock %d, which is pending".formatted(lock.id()));
    }
    Proof proof = renewal.get();
    Lock renewed =
        lock.renewed(
            signedBy(
                book,
                book.setup().own().other(),
                new LockProof(lock.id(), lock.amount(), lock.hashlock(), lock.expiry(), proof)));
    if (proof.seq() <= lock.voucher().seq()
        || !proof.evidence().equals(lock.voucher().evidence())
        || !isOnTop(book.peer(), renewed)) {
      throw new ProtocolException(
          "conditional voucher %d over %,d units does not renew lock %d of %,d on top of %,d"
              .formatted(
                  proof.seq(),
                  proof.cumulative().value(),
                  lock.id(),
                  lock.amount().value(),
                  book.peer().total().value()));
    }
    if (!VoucherExchange.isCovered(book, proof.cumulative())) {
      throw new ProtocolException(
          "with lock %d it is more than the peer has in the channel".formatted(lock.id()));
    }
    return renewed;
  }

  /** Whether the peer's lock has expired, and the chain has yet to say that nothing opens it. */
  static boolean isUndecided(VoucherBook book, Lock lock) {
    return book.time() >= lock.expiry() && lock.preimage().isEmpty();
  }

  /**
   * The peer's lock as it offers it.
   *
   * @throws ProtocolException when it is not signed by it, or not on top of its latest voucher
   */
  Lock offered(VoucherBook book, LockOffer offer) {
    LockProof said = offer.lock();
    Proof proof = said.proof();
    Lock lock =
        Lock.of(
            said.id(),
            said.amount(),
            offer.onion(),
            signedBy(book, book.setup().own().other(), said));
    ByteVector32 evidence =
        evidence(book, said.id(), said.amount(), said.hashlock(), said.expiry(), offer.onion());
    if (!proof.evidence().equals(evidence)
        || proof.seq() < said.id()
        || said.amount().equals(Amount.ZERO)
        || said.expiry() > LATEST_EXPIRY
        || !isOnTop(book.peer(), lock)) {
      throw new ProtocolException(
          "lock %d of %,d units by conditional voucher %d over %,d, on top of %,d"
              .formatted(
                  said.id(),
                  said.amount().value(),
                  proof.seq(),
                  proof.cumulative().value(),
                  book.peer().total().value()));
    }
    return lock;
  }

  /**
   * A conditional voucher of a side's.
   *
   * @throws ProtocolException when that side did not sign it
   */
  SignedLock signedBy(VoucherBook book, Party party, LockProof lock) {
    VoucherSetup setup = book.setup();
    Proof proof = lock.proof();
    ConditionalVoucher voucher =
        new ConditionalVoucher(
            book.id(),
            setup.address(party),
            proof.cumulative(),
            proof.seq(),
            proof.evidence(),
            lock.hashlock(),
            lock.expiry());
    if (!setup.domain().isSigned(signer, voucher, proof.signature(), setup.address(party))) {
      throw new ProtocolException(
          "conditional voucher %d is not signed by %s for this channel"
              .formatted(proof.seq(), setup.address(party)));
    }
    return new SignedLock(voucher, proof.signature());
  }

  /** A lock as it is said. */
  static LockProof proof(Lock lock) {
    return new LockProof(lock.id(), lock.amount(), lock.hashlock(), lock.expiry(), renewal(lock));
  }

  /** Its latest conditional voucher as it is said to who knows the lock. */
  static Proof renewal(Lock lock) {
    ConditionalVoucher voucher = lock.voucher();
    return new Proof(
        voucher.cumulative(), voucher.seq(), voucher.evidence(), lock.signed().signature());
  }

  /** Likewise, of the lock that is pending. */
  static Optional<Proof> renewal(Payments payments) {
    return payments.pending().map(LockExchange::renewal);
  }
}
