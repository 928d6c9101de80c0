package chargepile.agent.session.wire;

import chargepile.agent.codec.TlvStream;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Set;

/** Writes the fields of one session message in order. */
final class SessionWriter {
  static final int TEXT_BYTES = 1000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

  SessionWriter(int type) {
    u16(type);
  }

  SessionWriter(int type, SessionId id) {
    this(type);
    out.writeBytes(id.value().toByteArray());
  }

  /** Bytes whose number the reader knows. */
  SessionWriter fixed(ByteVector value) {
    out.writeBytes(value.toByteArray());
    return this;
  }

  /** Bytes after their number, which is below 65,536. */
  SessionWriter bytes(ByteVector value) {
    return u16(value.size()).fixed(value);
  }

  SessionWriter u16(int value) {
    out.write(value >>> 8);
    out.write(value);
    return this;
  }

  SessionWriter u32(long value) {
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) value).array());
    return this;
  }

  SessionWriter u64(long value) {
    out.writeBytes(ByteBuffer.allocate(8).putLong(value).array());
    return this;
  }

  SessionWriter directions(Set<Direction> directions) {
    int bits = 0;
    for (Direction direction : directions) {
      bits |= bit(direction);
    }
    out.write(bits);
    return this;
  }

  SessionWriter direction(Direction direction) {
    return directions(Set.of(direction));
  }

  SessionWriter flag(boolean value) {
    out.write(value ? 1 : 0);
    return this;
  }

  SessionWriter total(SessionTotals.Total total) {
    return u64(total.energy().value()).u64(total.duration()).u64(total.amount().value());
  }

  /** Printable ASCII, the rest as question marks. */
  SessionWriter text(String value) {
    ByteArrayOutputStream ascii = new ByteArrayOutputStream();
    value.codePoints().limit(TEXT_BYTES).forEach(c -> ascii.write(c >= ' ' && c <= '~' ? c : '?'));
    u16(ascii.size());
    out.writeBytes(ascii.toByteArray());
    return this;
  }

  /** A record behind the fields, left out when it is empty; types must rise. */
  SessionWriter tlv(long type, ByteVector value) {
    if (!value.isEmpty()) {
      TlvStream.write(out, type, value.toByteArray());
    }
    return this;
  }

  byte[] finish() {
    return out.toByteArray();
  }

  static int bit(Direction direction) {
    return switch (direction) {
      case IMPORT -> 1;
      case EXPORT -> 2;
    };
  }
}
