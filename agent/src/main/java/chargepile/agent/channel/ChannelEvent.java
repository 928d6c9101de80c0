package chargepile.agent.channel;

import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.Transaction;

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

  /** Close together with the peer, as soon as nothing is pending. */
  record CloseCooperatively() implements Command {}

  /** Publish the own commitment transaction. */
  record CloseUnilaterally(String reason) implements Command {}

  /** The wallet built the funding transaction: signed, not broadcast. */
  record FundingBuilt(Transaction transaction) implements ChannelEvent {}

  /** The wallet could not build the funding transaction. */
  record FundingFailed(String reason) implements ChannelEvent {}

  /** An encrypted link to the peer is up; nothing has been said on it yet. */
  record Connected() implements ChannelEvent {}

  /** The link is gone; what was sent on it may or may not have arrived. */
  record Disconnected() implements ChannelEvent {}

  /** The peer said something. */
  record Received(ChannelMessage message) implements ChannelEvent {}

  /**
   * The chain has something to say of what is watched: after a start, a block, a mempool change.
   */
  record ChainChanged(ChainView view) implements ChannelEvent {}
}
