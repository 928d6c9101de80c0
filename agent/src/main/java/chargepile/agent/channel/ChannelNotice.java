package chargepile.agent.channel;

import chargepile.agent.channel.wire.EnergyUpdate;
import fr.acinq.bitcoin.TxId;

/** What a channel tells the floors above it. */
public sealed interface ChannelNotice {
  /** The funding transaction is known; both hold a signed commitment transaction. */
  record Funded(TxId funding) implements ChannelNotice {}

  /** The channel can be used. */
  record Usable() implements ChannelNotice {}

  /** The own commitment transaction now has this update in it: the money has moved. */
  record EnergySettled(EnergyUpdate update) implements ChannelNotice {}

  /** The own command can't be done; nothing changed. */
  record CommandRefused(String reason) implements ChannelNotice {}

  /** The peer warned, refused an update, or reported an error. */
  record PeerObjected(String text) implements ChannelNotice {}

  /** The channel takes no more updates: it is being closed. */
  record Ending(String reason) implements ChannelNotice {}

  /** Nothing is left to be done on the chain. */
  record Closed(Outcome outcome) implements ChannelNotice {}
}
