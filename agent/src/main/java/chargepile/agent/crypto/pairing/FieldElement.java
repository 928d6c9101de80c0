package chargepile.agent.crypto.pairing;

import fr.acinq.bitcoin.ByteVector;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.util.BigIntegers;

/** Elements of Fp, 48 bytes big-endian, and the flags that a point's encoding has in its head. */
final class FieldElement {
  static final int SIZE = 48;

  static final BigInteger MODULUS =
      new BigInteger(
          "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f624"
              + "1eabfffeb153ffffb9feffffffffaaab",
          16);

  static final int COMPRESSED = 0x80;
  static final int INFINITY = 0x40;
  static final int LARGER = 0x20;

  private static final int PADDED_SIZE = 64;

  private static final BigInteger HALF = MODULUS.shiftRight(1);

  private FieldElement() {}

  static BigInteger at(byte[] bytes, int index) {
    return new BigInteger(1, bytes, index * SIZE, SIZE);
  }

  static void put(BigInteger value, byte[] bytes, int index) {
    BigIntegers.asUnsignedByteArray(value, bytes, index * SIZE, SIZE);
  }

  static boolean isLarger(BigInteger value) {
    return value.compareTo(HALF) > 0;
  }

  /** Elements in this order, each in 64 bytes as EIP-2537 has it: 16 of them 0. */
  static ByteVector padded(byte[] bytes, int... order) {
    byte[] padded = new byte[order.length * PADDED_SIZE];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(bytes, order[i] * SIZE, padded, (i + 1) * PADDED_SIZE - SIZE, SIZE);
    }
    return new ByteVector(padded);
  }

  /** Refuses what no encoder writes: wrong length or flags, and a coordinate that is p or more. */
  static void checkCompressed(byte[] bytes, int coordinates, String what) {
    if (bytes.length != coordinates * SIZE) {
      throw new MalformedPointException(
          "%s has %d bytes, not %d".formatted(what, coordinates * SIZE, bytes.length));
    }
    int flags = bytes[0] & 0xe0;
    if ((flags & COMPRESSED) == 0) {
      throw new MalformedPointException(what + " is not in compressed form");
    }
    if ((flags & INFINITY) != 0) {
      throw new MalformedPointException(
          what + " is the identity point, which no key or signature is");
    }
    byte[] plain = Arrays.copyOf(bytes, bytes.length);
    plain[0] &= 0x1f;
    for (int i = 0; i < coordinates; i++) {
      if (at(plain, i).compareTo(MODULUS) >= 0) {
        throw new MalformedPointException(what + " has a coordinate that is not reduced");
      }
    }
  }
}
