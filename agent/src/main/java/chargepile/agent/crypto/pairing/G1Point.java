package chargepile.agent.crypto.pairing;

import fr.acinq.bitcoin.ByteVector;
import java.util.Arrays;

/**
 * A point of G1, a signature or a hashed message: always in the group of order q. Made by a {@link
 * Pairing} only.
 */
public final class G1Point {
  /** Bytes of {@link #encode}. */
  public static final int SIZE = FieldElement.SIZE;

  /** The neutral element: the signature of nobody. Not decodable. */
  public static final G1Point IDENTITY = new G1Point(identity());

  /** x ‖ y, or the identity's flag and zeros. */
  private final byte[] affine;

  private G1Point(byte[] affine) {
    this.affine = affine;
  }

  static G1Point of(byte[] affine) {
    return new G1Point(affine);
  }

  byte[] affine() {
    return affine;
  }

  public boolean isIdentity() {
    return (affine[0] & FieldElement.INFINITY) != 0;
  }

  /** The compressed form: 48 bytes, one encoding a point. */
  public ByteVector encode() {
    byte[] bytes = Arrays.copyOf(affine, SIZE);
    bytes[0] |= (byte) FieldElement.COMPRESSED;
    if (!isIdentity() && FieldElement.isLarger(FieldElement.at(affine, 1))) {
      bytes[0] |= (byte) FieldElement.LARGER;
    }
    return new ByteVector(bytes);
  }

  /** The uncompressed form in which the precompiles of EIP-2537 take a point: x ‖ y, 128 bytes. */
  public ByteVector uncompressed() {
    return FieldElement.padded(isIdentity() ? new byte[affine.length] : affine, 0, 1);
  }

  private static byte[] identity() {
    byte[] bytes = new byte[2 * SIZE];
    bytes[0] = FieldElement.INFINITY;
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof G1Point that && Arrays.equals(affine, that.affine);
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
