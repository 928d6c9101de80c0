package chargepile.agent.runtime;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.session.PeerCodec;
import chargepile.agent.session.PeerMessage;
import java.util.ArrayList;
import java.util.List;

/** The messages of a frame, of the channel and of the session, as bytes and back. */
final class FrameContent {
  private FrameContent() {}

  static List<byte[]> encode(List<PeerMessage> messages) {
    return messages.stream().map(PeerCodec::encode).toList();
  }

  /**
   * The messages that are known; unknown odd types are passed over (BOLT 1).
   *
   * @throws MalformedMessageException naming the message and the field
   */
  static List<PeerMessage> decode(List<byte[]> messages) throws MalformedMessageException {
    List<PeerMessage> decoded = new ArrayList<>();
    for (byte[] bytes : messages) {
      PeerCodec.decode(bytes).ifPresent(decoded::add);
    }
    return decoded;
  }
}
