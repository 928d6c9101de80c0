package chargepile.agent.runtime;

import chargepile.agent.channel.wire.MalformedMessageException;
import chargepile.agent.channel.wire.MessageCodec;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.wire.SessionCodec;
import java.util.ArrayList;
import java.util.List;

/** The messages of a frame, of the channel and of the session, as bytes and back. */
final class Frames {
  private Frames() {}

  static List<byte[]> encode(List<PeerMessage> messages) {
    return messages.stream()
        .map(
            message ->
                switch (message) {
                  case PeerMessage.OfChannel of -> MessageCodec.encode(of.message());
                  case PeerMessage.OfSession of -> SessionCodec.encode(of.message());
                })
        .toList();
  }

  /**
   * The messages that are known; unknown odd types are passed over (BOLT 1).
   *
   * @throws MalformedMessageException naming the message and the field
   */
  static List<PeerMessage> decode(List<byte[]> messages) throws MalformedMessageException {
    List<PeerMessage> decoded = new ArrayList<>();
    for (byte[] bytes : messages) {
      if (isOfSession(bytes)) {
        decoded.add(new PeerMessage.OfSession(SessionCodec.decode(bytes)));
      } else {
        MessageCodec.decode(bytes).map(PeerMessage.OfChannel::new).ifPresent(decoded::add);
      }
    }
    return decoded;
  }

  private static boolean isOfSession(byte[] bytes) {
    return bytes.length >= 2
        && SessionCodec.isSessionType(
            Byte.toUnsignedInt(bytes[0]) << 8 | Byte.toUnsignedInt(bytes[1]));
  }
}
