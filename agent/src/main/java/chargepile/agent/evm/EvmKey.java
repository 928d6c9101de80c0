package chargepile.agent.evm;

import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.math.BigInteger;

/** The key of an account. It signs transactions; so does nobody else for the same account. */
public final class EvmKey {
  private static final BigInteger HALF_N = CurvePoints.N.shiftRight(1);

  private final PrivateKey key;
  private final Signer signer;
  private final PublicKey publicKey;
  private final EvmAddress address;

  public EvmKey(PrivateKey key, Signer signer) {
    this.key = key;
    this.signer = signer;
    this.publicKey = signer.publicKey(key);
    this.address = EvmAddress.of(publicKey);
  }

  public EvmAddress address() {
    return address;
  }

  /**
   * A signature from which its key can be recovered.
   *
   * @param s at most half the group order (EIP-2)
   * @param odd whether y of the nonce's point is odd: yParity, or v - 27
   */
  record Signature(BigInteger r, BigInteger s, boolean odd) {}

  Signature sign(ByteVector32 digest) {
    byte[] compact = signer.sign(digest, key).toByteArray();
    BigInteger r = new BigInteger(1, compact, 0, 32);
    BigInteger s = new BigInteger(1, compact, 32, 32);
    if (s.compareTo(HALF_N) > 0) {
      throw new IllegalStateException(signer.name() + " gives a signature that is not low-s");
    }
    for (boolean odd : new boolean[] {false, true}) {
      var signature = new Signature(r, s, odd);
      if (recovered(digest, signature).equals(publicKey)) {
        return signature;
      }
    }
    throw new IllegalStateException(signer.name() + " gives a signature of another key");
  }

  /** SEC 1, §4.1.6: (s R - z G) / r. */
  private PublicKey recovered(ByteVector32 digest, Signature signature) {
    byte[] point = new byte[33];
    point[0] = (byte) (signature.odd() ? 3 : 2);
    System.arraycopy(CurvePoints.word(signature.r()), 0, point, 1, 32);
    BigInteger inverse = signature.r().modInverse(CurvePoints.N);
    BigInteger z = new BigInteger(1, digest.toByteArray());
    PublicKey nonce =
        signer.multiply(new PublicKey(point), scalar(signature.s().multiply(inverse)));
    ByteVector32 hashed = scalar(z.negate().multiply(inverse));
    return signer.add(nonce, signer.publicKey(new PrivateKey(hashed)));
  }

  private static ByteVector32 scalar(BigInteger value) {
    return new ByteVector32(CurvePoints.word(value.mod(CurvePoints.N)));
  }

  /** The address: no key. */
  @Override
  public String toString() {
    return address.toString();
  }
}
