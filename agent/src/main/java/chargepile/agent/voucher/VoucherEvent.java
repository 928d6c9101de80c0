package chargepile.agent.voucher;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.wire.VoucherMessage;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Optional;

/** All that can happen to a voucher channel. */
public sealed interface VoucherEvent {
  /** What the own side wants. */
  sealed interface Command extends VoucherEvent {}

  /**
   * Open a channel with the peer.
   *
   * @param openNonce a random number of 0 or more, which no other channel with the peer had
   * @param deposit what this side puts into it at once
   */
  record Open(long openNonce, Amount deposit) implements Command {}

  /** Raise the own deposit to a total. */
  record Deposit(Amount total) implements Command {}

  /** Metering side only: have the energy of a session so far paid. */
  record ClaimEnergy(EnergyClaim claim) implements Command {}

  /**
   * Do not pay what the peer asks; close with what both signed.
   *
   * @param reason told to the peer
   */
  record Refuse(String reason) implements Command {}

  /** What the own side wants of payments under a lock (P2-17). */
  sealed interface HtlcCommand extends Command {}

  /**
   * Offer a payment under a lock. It gets the next free id; {@link VoucherBook#nextOfferedId()}
   * tells which.
   *
   * @param expiry Unix time in seconds of the chain
   * @param onion for the payee, at most 1366 bytes, opaque to the channel
   */
  record AddHtlc(Amount amount, ByteVector32 paymentHash, long expiry, ByteVector onion)
      implements HtlcCommand {}

  /**
   * Take the money of the peer's lock. Without a link the preimage is kept and said after the next
   * reconnection; it is made public before the lock expires if the peer has not paid by then.
   */
  record FulfillHtlc(long id, ByteVector32 preimage) implements HtlcCommand {}

  /**
   * Give the peer's lock back. The peer can't spend what it reserves before it expires.
   *
   * @param reason for the one who pays, opaque to the channel; at most 1024 bytes
   */
  record FailHtlc(long id, ByteVector reason) implements HtlcCommand {}

  /** Close together with the peer, as soon as nothing is pending. */
  record CloseCooperatively() implements Command {}

  /** Ask the contract to close, with the best voucher of the peer's. */
  record CloseUnilaterally(String reason) implements Command {}

  /** An encrypted link to the peer is up; nothing has been said on it yet. */
  record Connected() implements VoucherEvent {}

  /** The link is gone; what was sent on it may or may not have arrived. */
  record Disconnected() implements VoucherEvent {}

  /**
   * The peer is about to open another channel. One that it was to open on the chain and did not
   * makes room.
   */
  record Superseded() implements VoucherEvent {}

  /** The peer said something. */
  record Received(VoucherMessage message) implements VoucherEvent {}

  /** What came of an errand, or what the chain has to say by itself. */
  sealed interface Report extends VoucherEvent {}

  /**
   * The ledger gave up {@link VoucherAction.OpenOnChain}: nothing was put into the channel, and
   * nothing will be.
   */
  record OpenFailed(String reason) implements Report {}

  /** The deposit could not be raised; what there was is there. */
  record DepositFailed(String reason) implements Report {}

  /**
   * The answer to {@link VoucherAction.AskPreimage}.
   *
   * @param latest as of the latest block
   * @param finalised as of the last final block
   * @param finalTime that block's Unix time in seconds: what it does not hold was not registered
   *     before then
   */
  record PreimageSaid(
      ByteVector32 hashlock,
      Optional<Registration> latest,
      Optional<Registration> finalised,
      long finalTime)
      implements Report {}

  /**
   * A preimage that is public.
   *
   * @param time Unix time in seconds of the block that first held it
   */
  record Registration(ByteVector32 preimage, long time) {}

  /** The chain has something to say of the watched channel: after a start, and every block. */
  record ChainChanged(ChainView view) implements Report {}

  /**
   * A node shows something of the watched channel's end that {@link ChainChanged} does not say; it
   * may lie, or the others do.
   */
  record EndHinted(OnLedger shown) implements Report {}
}
