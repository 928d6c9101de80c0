package chargepile.agent.session;

import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.wire.IdentityMessage;
import chargepile.agent.session.wire.SessionMessage;

/** Anything that peers say to each other in a frame. */
public sealed interface PeerMessage {
  /** A message about the channel. */
  record OfLeg(LegMessage message) implements PeerMessage {}

  /** A message about the session. */
  record OfSession(SessionMessage message) implements PeerMessage {}

  /** A message about who the peers are, and what a session came to. */
  record OfIdentity(IdentityMessage message) implements PeerMessage {}

  /** A message about a penalty channel. */
  static PeerMessage ofChannel(ChannelMessage message) {
    return new OfLeg(new LegMessage.OfChannel(message));
  }
}
