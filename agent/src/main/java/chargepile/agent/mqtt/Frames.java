package chargepile.agent.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The layout of what peers publish to each other.
 *
 * <pre>
 *   0        type: 1 act one, 2 act two, 3 act three, 4 data, 5 unknown session
 *   1..      type 1 to 3: the act of BOLT 8 ({@link NoiseXk})
 *            type 4:      {@link FrameCipher}
 *            type 5:      nothing; a hint of the pile's that nobody vouches for
 *
 *   the content of a data frame:
 *   0        kind: 0 messages, 1 ping, 2 pong, 3 goodbye
 *   1..      kind 0: one or more of (u16 length, message), big-endian
 *            kind 3: the reason in printable ASCII
 * </pre>
 */
final class Frames {
  static final byte ACT_ONE = 1;
  static final byte ACT_TWO = 2;
  static final byte ACT_THREE = 3;
  static final byte DATA = FrameCipher.TYPE;
  static final byte UNKNOWN_SESSION = 5;

  static final byte MESSAGES = 0;
  static final byte PING = 1;
  static final byte PONG = 2;
  static final byte GOODBYE = 3;

  private static final int MAX_REASON_BYTES = 200;

  private Frames() {}

  /** The type of a frame; -1 when it has none. */
  static byte type(byte[] frame) {
    return frame.length == 0 ? -1 : frame[0];
  }

  static byte[] act(byte type, byte[] act) {
    return ByteBuffer.allocate(1 + act.length).put(type).put(act).array();
  }

  static byte[] body(byte[] frame) {
    return Arrays.copyOfRange(frame, 1, frame.length);
  }

  /** The messages in order, packed into as few contents as hold them. */
  static List<byte[]> pack(List<byte[]> messages) {
    List<byte[]> contents = new ArrayList<>();
    int from = 0;
    int size = 1;
    for (int i = 0; i < messages.size(); i++) {
      int length = messages.get(i).length;
      if (length > PeerLink.MAX_MESSAGE_BYTES) {
        throw new IllegalArgumentException(
            "a message has at most %d bytes, not %d".formatted(PeerLink.MAX_MESSAGE_BYTES, length));
      }
      if (size + 2 + length > FrameCipher.MAX_CONTENT_BYTES) {
        contents.add(content(messages.subList(from, i), size));
        from = i;
        size = 1;
      }
      size += 2 + length;
    }
    if (from < messages.size()) {
      contents.add(content(messages.subList(from, messages.size()), size));
    }
    return contents;
  }

  private static byte[] content(List<byte[]> messages, int size) {
    ByteBuffer out = ByteBuffer.allocate(size).put(MESSAGES);
    for (byte[] message : messages) {
      out.putShort((short) message.length).put(message);
    }
    return out.array();
  }

  /** The messages in a content of that kind; throws {@link IllegalArgumentException}. */
  static List<byte[]> unpack(byte[] content) {
    List<byte[]> messages = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(content, 1, content.length - 1);
    while (in.hasRemaining()) {
      if (in.remaining() < 2) {
        throw new IllegalArgumentException("a length is cut short");
      }
      int length = in.getShort() & 0xffff;
      if (length > in.remaining()) {
        throw new IllegalArgumentException(
            "a message claims %d bytes, %d remain".formatted(length, in.remaining()));
      }
      byte[] message = new byte[length];
      in.get(message);
      messages.add(message);
    }
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("no message in it");
    }
    return messages;
  }

  static byte[] goodbye(String why) {
    byte[] text = printable(why.getBytes(StandardCharsets.US_ASCII), 0);
    return ByteBuffer.allocate(1 + text.length).put(GOODBYE).put(text).array();
  }

  static String reason(byte[] content) {
    return new String(printable(content, 1), StandardCharsets.US_ASCII);
  }

  private static byte[] printable(byte[] text, int from) {
    byte[] out = Arrays.copyOfRange(text, from, Math.min(text.length, from + MAX_REASON_BYTES));
    for (int i = 0; i < out.length; i++) {
      if (out[i] < ' ' || out[i] > '~') {
        out[i] = '?';
      }
    }
    return out;
  }
}
