package chargepile.agent.session.wire;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.codec.TlvStream;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Reads the fields of one session message in order and names the field that is wrong. */
final class SessionReader {
  private final String wireName;
  private final ByteBuffer in;

  SessionReader(String wireName, ByteBuffer in) {
    this.wireName = wireName;
    this.in = in;
  }

  SessionId sessionId() throws MalformedMessageException {
    return new SessionId(bytes("session_id", 16));
  }

  int u16(String field) throws MalformedMessageException {
    return need(field, 2).getShort() & 0xffff;
  }

  long u32(String field) throws MalformedMessageException {
    return need(field, 4).getInt() & 0xffff_ffffL;
  }

  long u64(String field) throws MalformedMessageException {
    long value = need(field, 8).getLong();
    if (value < 0) {
      throw malformed(field, Long.toUnsignedString(value) + " is above " + Long.MAX_VALUE);
    }
    return value;
  }

  Amount amount(String field) throws MalformedMessageException {
    return new Amount(u64(field));
  }

  MilliWattHours energy(String field) throws MalformedMessageException {
    return new MilliWattHours(u64(field));
  }

  boolean flag(String field) throws MalformedMessageException {
    need(field, 1);
    int value = in.get() & 0xff;
    if (value > 1) {
      throw malformed(field, value + " is not 0 or 1");
    }
    return value == 1;
  }

  Direction direction() throws MalformedMessageException {
    Set<Direction> directions = directions();
    if (directions.size() != 1) {
      throw malformed("direction", "3 is not 1 or 2");
    }
    return directions.iterator().next();
  }

  Set<Direction> directions() throws MalformedMessageException {
    int bits = need("directions", 1).get() & 0xff;
    if (bits == 0 || bits > 3) {
      throw malformed("directions", bits + " is not 1, 2 or 3");
    }
    Set<Direction> directions = EnumSet.noneOf(Direction.class);
    for (Direction direction : Direction.values()) {
      if ((bits & SessionWriter.bit(direction)) != 0) {
        directions.add(direction);
      }
    }
    return directions;
  }

  /** Text made safe to show: what is not printable ASCII becomes a question mark. */
  String text(String field) throws MalformedMessageException {
    int length = u16(field + " length");
    if (length > SessionWriter.TEXT_BYTES) {
      throw malformed(
          field, "%d bytes are more than %d".formatted(length, SessionWriter.TEXT_BYTES));
    }
    ByteVector raw = bytes(field, length);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      byte c = raw.get(i);
      text.append(c >= ' ' && c <= '~' ? (char) c : '?');
    }
    return text.toString();
  }

  /** The end of a message of whose records none is known. */
  void end() throws MalformedMessageException {
    var unused = end(Set.of());
  }

  /** The records of {@code known} types at the end of the message, by type. */
  Map<Long, ByteVector> end(Set<Long> known) throws MalformedMessageException {
    try {
      return TlvStream.read(in, known);
    } catch (IllegalArgumentException e) {
      throw malformed("TLV stream", String.valueOf(e.getMessage()));
    }
  }

  MalformedMessageException malformed(String field, String problem) {
    return new MalformedMessageException(wireName, field, problem);
  }

  ByteVector fixed(String field, int count) throws MalformedMessageException {
    return bytes(field, count);
  }

  /** Bytes after their number. */
  ByteVector vector(String field, int most) throws MalformedMessageException {
    int length = u16(field + " length");
    if (length > most) {
      throw malformed(field, "%d bytes are more than %d".formatted(length, most));
    }
    return bytes(field, length);
  }

  private ByteVector bytes(String field, int count) throws MalformedMessageException {
    need(field, count);
    byte[] value = new byte[count];
    in.get(value);
    return new ByteVector(value);
  }

  private ByteBuffer need(String field, int count) throws MalformedMessageException {
    if (in.remaining() < count) {
      throw malformed(field, "needs %d bytes, %d remain".formatted(count, in.remaining()));
    }
    return in;
  }
}
