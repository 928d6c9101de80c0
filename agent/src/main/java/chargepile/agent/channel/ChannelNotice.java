package chargepile.agent.channel;

import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.TxId;
import java.util.Optional;

/** What a channel tells the floors above it. */
public sealed interface ChannelNotice {
  /** The funding transaction is known; both hold a signed commitment transaction. */
  record Funded(TxId funding) implements ChannelNotice {}

  /** The channel can be used. */
  record Usable() implements ChannelNotice {}

  /** The own commitment transaction now has this update in it: the money has moved. */
  record EnergySettled(EnergyUpdate update) implements ChannelNotice {}

  /**
   * The peer's HTLC is irrevocably committed and waits to be fulfilled or failed. Told again after
   * every reconnection until it is; {@link Commitments#receivedHtlcs()} lists those that wait.
   */
  record HtlcReceived(
      long id, Amount amount, ByteVector32 paymentHash, long cltvExpiry, ByteVector onion)
      implements ChannelNotice {}

  /**
   * The peer showed the preimage of an own HTLC: it is paid for, whatever happens next. Told again
   * after every reconnection while the HTLC is in a commitment.
   */
  record HtlcFulfilled(long id, ByteVector32 preimage) implements ChannelNotice {}

  /** The peer gave an own HTLC back, and no commitment that can be published has it any more. */
  record HtlcFailed(long id, ByteVector reason) implements ChannelNotice {}

  /**
   * An own HTLC never came to be: the link was lost before it was signed, and its id is free again;
   * or the channel was closed together before the peer took it.
   */
  record HtlcLapsed(long id, String reason) implements ChannelNotice {}

  /**
   * A reorganisation took the funding away: claims are refused until {@link Usable} is told again.
   */
  record Suspended(String reason) implements ChannelNotice {}

  /** The own command can't be done; nothing changed. */
  record CommandRefused(String reason) implements ChannelNotice {}

  /** The peer warned, refused an update, or reported an error. */
  record PeerObjected(String text) implements ChannelNotice {}

  /** The channel takes no more updates: it is being closed. */
  record Ending(String reason) implements ChannelNotice {}

  /**
   * Nothing is left to be done on the chain.
   *
   * @param last how the channel was divided in the end, as both had signed; empty when it never
   *     came to be, or by something that one of them has no right to, or does not know
   */
  record Closed(Outcome outcome, Optional<Allocation> last) implements ChannelNotice {}
}
