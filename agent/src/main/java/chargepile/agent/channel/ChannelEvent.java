package chargepile.agent.channel;

import chargepile.agent.channel.tx.Htlc;
import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Transaction;
import java.util.List;

/** All that can happen to a channel. */
public sealed interface ChannelEvent {
  /** What the own side wants. */
  sealed interface Command extends ChannelEvent {}

  /**
   * Open a channel and fund it.
   *
   * @param temporaryId a random id until there is a funding transaction
   * @param push what the peer gets at once
   */
  record Open(ChannelId temporaryId, Satoshi capacity, Amount push, Feerate feerate)
      implements Command {}

  /** Metering side only: put the energy of a session so far on the channel. */
  record ClaimEnergy(
      SessionId session,
      Direction direction,
      MilliWattHours energy,
      long duration,
      Amount amount,
      long tariffId,
      ByteVector meterRecord)
      implements Command {}

  /**
   * Do not accept the peer's pending updates; close at the last state that both signed.
   *
   * @param reason told to the peer
   */
  record Refuse(String reason) implements Command {}

  /** Funder only: sign the commitments at another feerate from now on. */
  record SetFeerate(Feerate feerate) implements Command {}

  /** What the own side wants of HTLCs. */
  sealed interface HtlcCommand extends Command {}

  /**
   * Offer an HTLC. It gets the next free id; {@link Commitments#nextOfferedId()} tells which.
   *
   * @param cltvExpiry the block height of its timeout, below 500,000,000
   * @param onion the packet of BOLT 4, 1366 bytes
   */
  record AddHtlc(Amount amount, ByteVector32 paymentHash, long cltvExpiry, ByteVector onion)
      implements HtlcCommand {}

  /**
   * Take the money of one of the peer's HTLCs. Without a link the preimage is kept and said after
   * the next reconnection; in a channel that is settled on the chain it is used there.
   */
  record FulfillHtlc(long id, ByteVector32 preimage) implements HtlcCommand {}

  /**
   * Give one of the peer's HTLCs back.
   *
   * @param reason for the one who pays, opaque to the channel; at most 1024 bytes
   */
  record FailHtlc(long id, ByteVector reason) implements HtlcCommand {}

  /** Close together with the peer, as soon as nothing is pending. */
  record CloseCooperatively() implements Command {}

  /** Publish the own commitment transaction. */
  record CloseUnilaterally(String reason) implements Command {}

  /** An encrypted link to the peer is up; nothing has been said on it yet. */
  record Connected() implements ChannelEvent {}

  /** The link is gone; what was sent on it may or may not have arrived. */
  record Disconnected() implements ChannelEvent {}

  /**
   * The peer is about to open another channel. One that it was to fund and that is worth nothing to
   * this side makes room.
   */
  record Superseded() implements ChannelEvent {}

  /** The peer said something. */
  record Received(ChannelMessage message) implements ChannelEvent {}

  /** What came of an errand, or what the chain has to say by itself. */
  sealed interface Report extends ChannelEvent {}

  /** The wallet built the funding transaction: signed, not broadcast. */
  record FundingBuilt(Transaction transaction) implements Report {}

  /** The wallet could not build the funding transaction. */
  record FundingFailed(String reason) implements Report {}

  /** The wallet added a fee: its own inputs are signed, those of the template not yet. */
  record FeeAdded(FeeRequest request, Transaction transaction) implements Report {}

  /** The wallet could not pay a fee. */
  record FeeFailed(FeeRequest request, String reason) implements Report {}

  /**
   * What was kept of a revoked commitment.
   *
   * @param htlcs empty when it had none
   */
  record Recalled(long number, List<Htlc> htlcs) implements Report {
    public Recalled {
      htlcs = List.copyOf(htlcs);
    }
  }

  /**
   * The chain has something to say of what is watched: after a start, a block, a mempool change.
   */
  record ChainChanged(ChainView view) implements Report {}
}
