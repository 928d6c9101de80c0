package chargepile.agent.channel.wire;

import chargepile.agent.codec.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Channel messages to and from their wire form: a 2-byte type, the payload of BOLT 1 or BOLT 2 and
 * a TLV stream. Big-endian; at most 65,535 bytes.
 *
 * <p>{@code energy_update} is laid out in the same manner:
 *
 * <pre>
 *   u16  type = 32769
 *   32   channel_id
 *   16   session_id
 *   u8   direction          0 import, 1 export
 *   u64  energy_mwh         cumulative
 *   u64  duration_ms        cumulative
 *   u64  amount_msat        cumulative
 *   u64  tariff_id
 *   TLV  1: meter_record    left out when empty
 * </pre>
 */
public final class MessageCodec {
  static final long UPFRONT_SHUTDOWN_SCRIPT = 0;
  static final long CHANNEL_TYPE = 1;
  static final long FEE_RANGE = 1;
  static final long METER_RECORD = 1;

  private MessageCodec() {}

  /**
   * The wire form of {@code message}. Text is reduced to printable ASCII and cut to fit; an empty
   * script, channel type or meter record is left out. Throws {@link IllegalArgumentException} when
   * a field does not fit the wire.
   */
  public static byte[] encode(ChannelMessage message) {
    return MessageEncoder.encode(message);
  }

  /**
   * The message in {@code bytes}, or nothing when its type is unknown and odd, which is to be
   * ignored (BOLT 1). Points have the form of a compressed key and may still lie off the curve;
   * text is printable ASCII.
   */
  public static Optional<ChannelMessage> decode(byte[] bytes) throws MalformedMessageException {
    if (bytes.length < 2) {
      throw new MalformedMessageException(
          "message", "type", "needs 2 bytes, %d remain".formatted(bytes.length));
    }
    if (bytes.length > WireLimits.MESSAGE_BYTES) {
      throw new MalformedMessageException(
          "message",
          "length",
          "%d bytes are more than %d".formatted(bytes.length, WireLimits.MESSAGE_BYTES));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int code = in.getShort() & 0xffff;
    MessageType type = MessageType.of(code);
    if (type != null) {
      return Optional.of(MessageDecoder.decode(type, in));
    }
    if ((code & 1) == 1) {
      return Optional.empty();
    }
    throw new MalformedMessageException("message", "type", "unknown even type " + code);
  }
}
