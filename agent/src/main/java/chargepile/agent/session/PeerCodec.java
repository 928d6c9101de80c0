package chargepile.agent.session;

import chargepile.agent.channel.wire.MessageCodec;
import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.wire.IdentityCodec;
import chargepile.agent.session.wire.SessionCodec;
import chargepile.agent.voucher.wire.VoucherMessageCodec;
import java.util.Optional;

/** Everything that peers say, to and from its wire form; the type tells which it is. */
public final class PeerCodec {
  private PeerCodec() {}

  public static byte[] encode(PeerMessage message) {
    return switch (message) {
      case PeerMessage.OfLeg(LegMessage.OfChannel(var said)) -> MessageCodec.encode(said);
      case PeerMessage.OfLeg(LegMessage.OfVoucher(var said)) -> VoucherMessageCodec.encode(said);
      case PeerMessage.OfSession(var said) -> SessionCodec.encode(said);
      case PeerMessage.OfIdentity(var said) -> IdentityCodec.encode(said);
    };
  }

  /** The message in {@code bytes}, or nothing when its type is unknown and odd (BOLT 1). */
  public static Optional<PeerMessage> decode(byte[] bytes) throws MalformedMessageException {
    int type = bytes.length < 2 ? 0 : ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
    if (SessionCodec.isSessionType(type)) {
      return Optional.of(new PeerMessage.OfSession(SessionCodec.decode(bytes)));
    }
    if (IdentityCodec.isIdentityType(type)) {
      return Optional.of(new PeerMessage.OfIdentity(IdentityCodec.decode(bytes)));
    }
    if (VoucherMessageCodec.isVoucherType(type)) {
      return Optional.of(
          new PeerMessage.OfLeg(new LegMessage.OfVoucher(VoucherMessageCodec.decode(bytes))));
    }
    return MessageCodec.decode(bytes).map(PeerMessage::ofChannel);
  }
}
