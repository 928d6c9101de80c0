package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;

/** Hashes with a tag of their use in front, so that no two uses share an input. */
final class Digest {
  private Digest() {}

  /** SHA-256 of the tag after its length, and the bytes. */
  static ByteVector32 of(String tag, ByteVector bytes) {
    byte[] input = tagged(tag, bytes);
    SHA256Digest digest = new SHA256Digest();
    digest.update(input, 0, input.length);
    byte[] hash = new byte[32];
    digest.doFinal(hash, 0);
    return new ByteVector32(hash);
  }

  /** H: {0,1}* to Z_q*: SHA-512 modulo q, hashed again in the case, never seen, that it is 0. */
  static Zq toScalar(String tag, ByteVector bytes) {
    byte[] input = tagged(tag, bytes);
    while (true) {
      SHA512Digest digest = new SHA512Digest();
      digest.update(input, 0, input.length);
      byte[] hash = new byte[64];
      digest.doFinal(hash, 0);
      Zq scalar = Zq.reduce(hash);
      if (!scalar.isZero()) {
        return scalar;
      }
      input = hash;
    }
  }

  private static byte[] tagged(String tag, ByteVector bytes) {
    return new FieldWriter().text(tag).bytes(bytes).toByteVector().toByteArray();
  }
}
