package chargepile.agent.crypto.pairing;

import fr.acinq.bitcoin.ByteVector;
import java.math.BigInteger;
import java.util.Arrays;

/** A point of G2, a public key: always in the group of order q. Made by a {@link Pairing} only. */
public final class G2Point {
  /** Bytes of {@link #encode}. */
  public static final int SIZE = 2 * FieldElement.SIZE;

  /** The neutral element: nobody's key. Not decodable. */
  public static final G2Point IDENTITY = new G2Point(identity());

  /** x.c1 ‖ x.c0 ‖ y.c1 ‖ y.c0, or the identity's flag and zeros. */
  private final byte[] affine;

  private G2Point(byte[] affine) {
    this.affine = affine;
  }

  static G2Point of(byte[] affine) {
    return new G2Point(affine);
  }

  byte[] affine() {
    return affine;
  }

  public boolean isIdentity() {
    return (affine[0] & FieldElement.INFINITY) != 0;
  }

  /** The compressed form: 96 bytes, one encoding a point. */
  public ByteVector encode() {
    byte[] bytes = Arrays.copyOf(affine, SIZE);
    bytes[0] |= (byte) FieldElement.COMPRESSED;
    if (!isIdentity() && hasLargerY()) {
      bytes[0] |= (byte) FieldElement.LARGER;
    }
    return new ByteVector(bytes);
  }

  private boolean hasLargerY() {
    BigInteger c1 = FieldElement.at(affine, 2);
    return FieldElement.isLarger(c1.signum() == 0 ? FieldElement.at(affine, 3) : c1);
  }

  /**
   * The uncompressed form in which the precompiles of EIP-2537 take a point: x.c0 ‖ x.c1 ‖ y.c0 ‖
   * y.c1, 256 bytes.
   */
  public ByteVector uncompressed() {
    return FieldElement.padded(isIdentity() ? new byte[affine.length] : affine, 1, 0, 3, 2);
  }

  private static byte[] identity() {
    byte[] bytes = new byte[2 * SIZE];
    bytes[0] = FieldElement.INFINITY;
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof G2Point that && Arrays.equals(affine, that.affine);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(affine);
  }

  @Override
  public String toString() {
    return encode().toHex();
  }
}
