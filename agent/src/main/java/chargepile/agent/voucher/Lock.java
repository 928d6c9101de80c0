package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.eip712.ConditionalVoucher;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Optional;

/**
 * A payment under a hash-time lock, by a conditional voucher (P2-17). The contract knows no other
 * end of it than the expiry, so neither side can take it back before: what its payee says that it
 * gives back stays reserved, and its payee can still take it should the preimage become public.
 *
 * @param id number of the first conditional voucher over it, which no other lock of its payer has
 * @param onion for the payee, opaque to the channel
 * @param signed the latest conditional voucher over it, on top of the payer's latest voucher
 * @param preimage once this side knows it
 * @param seen where the chain holds the preimage from before the expiry
 * @param failure why the payee gives it back, if it does
 */
public record Lock(
    long id,
    Amount amount,
    ByteVector onion,
    SignedLock signed,
    Status status,
    Optional<ByteVector32> preimage,
    Seen seen,
    Optional<ByteVector> failure) {
  /** How far it has come. */
  public enum Status {
    /** Waits for its preimage, or for the chain to be past its expiry. */
    PENDING,
    /** At its payer: to be paid as soon as no claim is under way that this side pays. */
    DUE,
    /** At its payer: the voucher that pays it is given; the payee has not said that it has it. */
    PAID,
    /** Nothing comes of it any more. */
    OVER
  }

  /** Where the chain holds a preimage in time. */
  public enum Seen {
    /** Nowhere yet. */
    NOWHERE,
    /** In a block that may be undone. */
    LATEST,
    /** For good: the lock can be redeemed whenever the channel closes. */
    FINAL
  }

  /** Just offered. */
  static Lock of(long id, Amount amount, ByteVector onion, SignedLock signed) {
    return new Lock(
        id,
        amount,
        onion,
        signed,
        Status.PENDING,
        Optional.empty(),
        Seen.NOWHERE,
        Optional.empty());
  }

  public ConditionalVoucher voucher() {
    return signed.voucher();
  }

  public ByteVector32 hashlock() {
    return voucher().hashlock();
  }

  /** Unix time in seconds of the chain. */
  public long expiry() {
    return voucher().expiry();
  }

  /** Whether its amount comes on top of its payer's latest voucher. */
  public boolean isPending() {
    return status == Status.PENDING || status == Status.DUE;
  }

  /** Whether its payee, which does not know the preimage, has no claim to it of its own accord. */
  boolean isGivenBack() {
    return failure.isPresent() && preimage.isEmpty();
  }

  /** Whether nothing can come of it any more. */
  boolean isOver() {
    return status == Status.OVER;
  }

  Lock to(Status next) {
    return new Lock(id, amount, onion, signed, next, preimage, seen, failure);
  }

  /** On top of a later voucher. */
  Lock renewed(SignedLock later) {
    return new Lock(id, amount, onion, later, status, preimage, seen, failure);
  }

  Lock knowing(ByteVector32 found) {
    return new Lock(id, amount, onion, signed, status, Optional.of(found), seen, failure);
  }

  Lock seen(Seen where) {
    return new Lock(id, amount, onion, signed, status, preimage, where, failure);
  }

  /** Whether it is due whatever its payer says. */
  boolean isOpen() {
    return seen == Seen.FINAL;
  }

  Lock failing(ByteVector reason) {
    return new Lock(id, amount, onion, signed, status, preimage, seen, Optional.of(reason));
  }
}
