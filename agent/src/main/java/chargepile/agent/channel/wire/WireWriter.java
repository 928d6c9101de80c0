package chargepile.agent.channel.wire;

import chargepile.agent.codec.BigSize;
import chargepile.agent.codec.TlvStream;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.io.ByteArrayOutputStream;

/**
 * Writes the fields of one message in order. Throws {@link IllegalArgumentException} for a value
 * that the wire has no room for: that is a mistake of this program, never of a peer.
 */
final class WireWriter {
  private final String wireName;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  WireWriter(MessageType type) {
    this.wireName = type.wireName;
    BigSize.bigEndian(out, type.code, 2);
  }

  WireWriter u8(int value) {
    out.write(value);
    return this;
  }

  WireWriter u16(String field, long value) {
    BigSize.bigEndian(out, range(field, value, WireLimits.U16), 2);
    return this;
  }

  WireWriter u32(String field, long value) {
    BigSize.bigEndian(out, range(field, value, WireLimits.U32), 4);
    return this;
  }

  WireWriter u64(String field, long value, long most) {
    BigSize.bigEndian(out, range(field, value, most), 8);
    return this;
  }

  /** A 16-bit number of things, of which there may be {@code most}. */
  WireWriter count(String field, int value, int most) {
    return u16(field, range(field, value, most));
  }

  WireWriter satoshi(String field, Satoshi value) {
    return u64(field, value.value(), WireLimits.SATOSHI);
  }

  WireWriter millisatoshi(String field, Amount value) {
    return u64(field, value.value(), WireLimits.MILLISATOSHI);
  }

  WireWriter bound(Amount value) {
    BigSize.bigEndian(out, value.value(), 8);
    return this;
  }

  WireWriter bytes(ByteVector value) {
    out.writeBytes(value.toByteArray());
    return this;
  }

  WireWriter exactly(String field, int count, ByteVector value) {
    if (value.size() != count) {
      throw outOfRange(field, "has %d bytes, not %d".formatted(value.size(), count));
    }
    return bytes(value);
  }

  /** Bytes behind their 16-bit length. */
  WireWriter block(String field, ByteVector value) {
    return u16(field, value.size()).bytes(value);
  }

  WireWriter channelId(ChannelId value) {
    return bytes(value.value());
  }

  WireWriter point(String field, PublicKey value) {
    return exactly(field, 33, value.value);
  }

  /** Printable ASCII, the rest as question marks, cut to what a message holds. */
  WireWriter text(String field, String value) {
    ByteArrayOutputStream ascii = new ByteArrayOutputStream();
    value
        .codePoints()
        .limit(WireLimits.TEXT_BYTES)
        .forEach(c -> ascii.write(c >= ' ' && c <= '~' ? c : '?'));
    return block(field, new ByteVector(ascii.toByteArray()));
  }

  /** A record, left out when its value is empty. */
  WireWriter tlv(long type, ByteVector value) {
    if (!value.isEmpty()) {
      TlvStream.write(out, type, value.toByteArray());
    }
    return this;
  }

  byte[] finish() {
    if (out.size() > WireLimits.MESSAGE_BYTES) {
      throw outOfRange(
          "the message",
          "has %d bytes, more than %d".formatted(out.size(), WireLimits.MESSAGE_BYTES));
    }
    return out.toByteArray();
  }

  private long range(String field, long value, long most) {
    if (value < 0 || value > most) {
      throw outOfRange(field, value + " is outside 0 to " + most);
    }
    return value;
  }

  private IllegalArgumentException outOfRange(String field, String problem) {
    return new IllegalArgumentException(wireName + ", " + field + ": " + problem);
  }
}
