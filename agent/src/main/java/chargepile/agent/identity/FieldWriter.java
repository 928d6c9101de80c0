package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes fields one after another: big-endian numbers, text and optional fields after a byte of
 * length. A value has one encoding.
 */
final class FieldWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  /** Begins with four letters that say what it is, and the version of its form. */
  static FieldWriter of(String magic) {
    return new FieldWriter().ascii(magic);
  }

  ByteVector toByteVector() {
    return new ByteVector(out.toByteArray());
  }

  FieldWriter u8(int value) {
    out.write(value);
    return this;
  }

  FieldWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  FieldWriter u64(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
    return this;
  }

  FieldWriter instant(Instant value) {
    return u64(value.getEpochSecond());
  }

  FieldWriter ascii(String value) {
    out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  FieldWriter text(String value) {
    return u8(value.length()).ascii(value);
  }

  FieldWriter party(PartyId value) {
    return text(value.value());
  }

  FieldWriter bytes(ByteVector value) {
    out.writeBytes(value.toByteArray());
    return this;
  }

  /** Bytes after their length. */
  FieldWriter block(ByteVector value) {
    return u16(value.size()).bytes(value);
  }

  FieldWriter bytes(ByteVector32 value) {
    out.writeBytes(value.toByteArray());
    return this;
  }

  FieldWriter key(PublicKey value) {
    return bytes(value.value);
  }

  FieldWriter scalar(Zq value) {
    return bytes(value.encode());
  }

  FieldWriter point(G1Point value) {
    return bytes(value.encode());
  }

  FieldWriter point(G2Point value) {
    return bytes(value.encode());
  }

  <T> FieldWriter optional(Optional<T> value, Consumer<T> writer) {
    u8(value.isPresent() ? 1 : 0);
    value.ifPresent(writer);
    return this;
  }

  /** Up to 65,535 elements after their number. */
  <T> FieldWriter list(Collection<T> values, Consumer<T> writer) {
    u16(values.size());
    values.forEach(writer);
    return this;
  }
}
