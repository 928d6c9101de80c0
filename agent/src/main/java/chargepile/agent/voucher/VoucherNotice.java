package chargepile.agent.voucher;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.Amount;
import chargepile.agent.units.VoucherChannelId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;

/** What a voucher channel tells the floors above it. */
public sealed interface VoucherNotice {
  /** The contract has the channel; it is watched from now on. */
  record Opened(VoucherChannelId channel) implements VoucherNotice {}

  /** The channel can be used. */
  record Usable() implements VoucherNotice {}

  /** The voucher that pays this claim is held by whom it pays: the money has moved. */
  record EnergySettled(EnergyClaim claim) implements VoucherNotice {}

  /**
   * The peer pays under a lock and waits for the preimage. Told again after every reconnection
   * until it is fulfilled or failed; {@link VoucherBook#taken()} is what waits.
   *
   * @param expiry Unix time in seconds of the chain
   */
  record HtlcReceived(
      long id, Amount amount, ByteVector32 paymentHash, long expiry, ByteVector onion)
      implements VoucherNotice {}

  /**
   * The preimage of the own lock is known, from the peer or from the chain. If it was in time it is
   * paid for, whatever happens next.
   */
  record HtlcFulfilled(long id, ByteVector32 preimage) implements VoucherNotice {}

  /**
   * The peer does not want the own lock. What it reserves is free again once it {@link HtlcLapsed
   * lapses}; until then the peer could still take it, should the preimage become public.
   */
  record HtlcFailed(long id, ByteVector reason) implements VoucherNotice {}

  /** The own lock expired, and the chain finally holds no preimage of it: it is never paid. */
  record HtlcLapsed(long id, String reason) implements VoucherNotice {}

  /** The deposits changed, so that more can be paid. */
  record Deposited(Deposits deposits) implements VoucherNotice {}

  /**
   * The chain lost the channel's opening: claims are refused until {@link Usable} is told again.
   */
  record Suspended(String reason) implements VoucherNotice {}

  /** The own command can't be done; nothing changed. */
  record CommandRefused(String reason) implements VoucherNotice {}

  /** The peer refused a claim, or reported an error. */
  record PeerObjected(String text) implements VoucherNotice {}

  /** The channel takes no more claims: it is being closed. */
  record Ending(String reason) implements VoucherNotice {}

  /** Nothing is left to be done on the chain. */
  record Closed(VoucherOutcome outcome) implements VoucherNotice {}
}
