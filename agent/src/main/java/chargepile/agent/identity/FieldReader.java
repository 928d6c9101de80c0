package chargepile.agent.identity;

import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads what {@link FieldWriter} wrote; lengths are checked before anything is allocated. */
final class FieldReader {
  /** 9999-12-31T23:59:59Z: what every calendar can show. */
  private static final long LAST_SECOND = 253_402_300_799L;

  /** In Java: it works wherever certificates are read. */
  private static final Signer CURVE = new BouncyCastleSigner();

  private final ByteBuffer in;

  private FieldReader(ByteVector bytes) {
    this.in = ByteBuffer.wrap(bytes.toByteArray());
  }

  /**
   * Reads a whole value.
   *
   * @param what for the error
   * @throws MalformedIdentityException when the bytes are not what {@code body} reads, to the last
   *     one
   */
  static <T> T whole(String what, String magic, ByteVector bytes, Function<FieldReader, T> body) {
    FieldReader reader = new FieldReader(bytes);
    try {
      if (!reader.ascii(magic.length()).equals(magic)) {
        throw new MalformedIdentityException("it doesn't begin with " + magic);
      }
      T value = body.apply(reader);
      if (reader.in.hasRemaining()) {
        throw new MalformedIdentityException(reader.in.remaining() + " bytes are left over");
      }
      return value;
    } catch (BufferUnderflowException e) {
      throw new MalformedIdentityException("not a " + what + ": it ends too early", e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new MalformedIdentityException("not a " + what + ": " + e.getMessage(), e);
    }
  }

  int u8() {
    return Byte.toUnsignedInt(in.get());
  }

  int u16() {
    return Short.toUnsignedInt(in.getShort());
  }

  /** A number of 0 to 2^63-1. */
  long u63() {
    long value = in.getLong();
    if (value < 0) {
      throw new MalformedIdentityException("a number is above 2^63-1");
    }
    return value;
  }

  Instant instant() {
    long second = in.getLong();
    if (second < 0 || second > LAST_SECOND) {
      throw new MalformedIdentityException("a time is outside the years 1970 to 9999");
    }
    return Instant.ofEpochSecond(second);
  }

  ByteVector bytes(int length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] value = new byte[length];
    in.get(value);
    return new ByteVector(value);
  }

  ByteVector block() {
    return bytes(u16());
  }

  ByteVector32 bytes32() {
    return new ByteVector32(bytes(32).toByteArray());
  }

  private String ascii(int length) {
    // Latin-1 maps every byte to one character, so two byte strings are never the same text.
    return new String(bytes(length).toByteArray(), StandardCharsets.ISO_8859_1);
  }

  String text() {
    return ascii(u8());
  }

  PartyId party() {
    return new PartyId(text());
  }

  /** A compressed secp256k1 point. */
  PublicKey key() {
    PublicKey key = new PublicKey(bytes(33));
    if (!CURVE.isValid(key)) {
      throw new MalformedIdentityException("a secp256k1 key is not a point on the curve");
    }
    return key;
  }

  Zq scalar() {
    return Zq.decode(bytes32());
  }

  G1Point g1(Pairing pairing) {
    return pairing.decodeG1(bytes(G1Point.SIZE));
  }

  G2Point g2(Pairing pairing) {
    return pairing.decodeG2(bytes(G2Point.SIZE));
  }

  <T> Optional<T> optional(Supplier<T> reader) {
    return switch (u8()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(reader.get());
      default -> throw new MalformedIdentityException("a presence flag is 0 or 1");
    };
  }

  /** At most {@code most} elements; more are refused before any is read. */
  <T> List<T> list(int most, Supplier<T> reader) {
    int size = u16();
    if (size > most) {
      throw new MalformedIdentityException(
          "it lists %d where %d are the most".formatted(size, most));
    }
    if (size > in.remaining()) {
      throw new BufferUnderflowException(); // every element has a byte at least
    }
    List<T> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(reader.get());
    }
    return List.copyOf(values);
  }
}
