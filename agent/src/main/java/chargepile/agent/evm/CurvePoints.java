package chargepile.agent.evm;

import fr.acinq.bitcoin.PublicKey;
import java.math.BigInteger;

/** What the EVM wants of secp256k1 (SEC 2, §2.4.1) besides signatures; public values only. */
final class CurvePoints {
  static final BigInteger P =
      BigInteger.TWO.pow(256).subtract(BigInteger.TWO.pow(32)).subtract(BigInteger.valueOf(977));
  static final BigInteger N =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  private static final BigInteger SEVEN = BigInteger.valueOf(7);

  private CurvePoints() {}

  /** The 64 bytes x ‖ y of a point, without the leading 04. */
  static byte[] uncompressed(PublicKey key) {
    byte[] compressed = key.value.toByteArray();
    BigInteger x = new BigInteger(1, compressed, 1, 32);
    BigInteger square = x.modPow(BigInteger.valueOf(3), P).add(SEVEN).mod(P);
    BigInteger root = square.modPow(P.add(BigInteger.ONE).shiftRight(2), P);
    if (compressed.length != 33 || !root.modPow(BigInteger.TWO, P).equals(square)) {
      throw new IllegalArgumentException("not a point of secp256k1: " + key);
    }
    BigInteger y = root.testBit(0) == (compressed[0] == 3) ? root : P.subtract(root);
    byte[] out = new byte[64];
    System.arraycopy(word(x), 0, out, 0, 32);
    System.arraycopy(word(y), 0, out, 32, 32);
    return out;
  }

  /** 32 bytes, big-endian. */
  static byte[] word(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] out = new byte[32];
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, out, 32 - length, length);
    return out;
  }
}
