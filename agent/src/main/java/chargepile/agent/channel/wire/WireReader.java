package chargepile.agent.channel.wire;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.codec.TlvStream;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PublicKey;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;

/**
 * Reads the fields of one message in order and names the field that is wrong. It allocates no more
 * than the bytes that are there.
 */
final class WireReader {
  private final String wireName;
  private final ByteBuffer in;

  WireReader(String wireName, ByteBuffer in) {
    this.wireName = wireName;
    this.in = in;
  }

  byte u8(String field) throws MalformedMessageException {
    return need(field, 1).get();
  }

  int u16(String field) throws MalformedMessageException {
    return need(field, 2).getShort() & 0xffff;
  }

  long u32(String field) throws MalformedMessageException {
    return need(field, 4).getInt() & WireLimits.U32;
  }

  /** An unsigned 64-bit number of at most {@code most}, which is positive. */
  long u64(String field, long most) throws MalformedMessageException {
    long value = need(field, 8).getLong();
    return atMost(field, value, most);
  }

  long atMost(String field, long value, long most) throws MalformedMessageException {
    if (Long.compareUnsigned(value, most) > 0) {
      throw malformed(field, Long.toUnsignedString(value) + " is above " + most);
    }
    return value;
  }

  Satoshi satoshi(String field) throws MalformedMessageException {
    return new Satoshi(u64(field, WireLimits.SATOSHI));
  }

  Amount millisatoshi(String field) throws MalformedMessageException {
    return new Amount(u64(field, WireLimits.MILLISATOSHI));
  }

  /** A bound that the peer sets, which may lie beyond all the money there is. */
  Amount bound(String field) throws MalformedMessageException {
    return new Amount(u64(field, Long.MAX_VALUE));
  }

  ByteVector bytes(String field, int count) throws MalformedMessageException {
    need(field, count);
    byte[] value = new byte[count];
    in.get(value);
    return new ByteVector(value);
  }

  /** Bytes behind their 16-bit length. */
  ByteVector block(String field) throws MalformedMessageException {
    return bytes(field, u16(field + " length"));
  }

  ByteVector32 bytes32(String field) throws MalformedMessageException {
    return new ByteVector32(bytes(field, 32));
  }

  ByteVector64 signature(String field) throws MalformedMessageException {
    return new ByteVector64(bytes(field, 64));
  }

  ChannelId channelId(String field) throws MalformedMessageException {
    return new ChannelId(bytes32(field));
  }

  /** A compressed point by its form; whether it is on the curve is for the receiver to check. */
  PublicKey point(String field) throws MalformedMessageException {
    ByteVector value = bytes(field, 33);
    if (value.get(0) != 2 && value.get(0) != 3) {
      throw malformed(
          field, "a point starts with 02 or 03, not %02x".formatted(value.get(0) & 0xff));
    }
    return new PublicKey(value);
  }

  /** Text made safe to show: what is not printable ASCII becomes a question mark (BOLT 1). */
  String text(String field) throws MalformedMessageException {
    ByteVector raw = block(field);
    StringBuilder text = new StringBuilder(raw.size());
    for (int i = 0; i < raw.size(); i++) {
      byte c = raw.get(i);
      text.append(c >= ' ' && c <= '~' ? (char) c : '?');
    }
    return text.toString();
  }

  /** The records at the end of the message, to its last byte. */
  Map<Long, ByteVector> tlvs(Set<Long> known) throws MalformedMessageException {
    try {
      return TlvStream.read(in, known);
    } catch (IllegalArgumentException e) {
      throw malformed("TLV stream", String.valueOf(e.getMessage()));
    }
  }

  MalformedMessageException malformed(String field, String problem) {
    return new MalformedMessageException(wireName, field, problem);
  }

  private ByteBuffer need(String field, int count) throws MalformedMessageException {
    if (in.remaining() < count) {
      throw malformed(field, "needs %d bytes, %d remain".formatted(count, in.remaining()));
    }
    return in;
  }
}
