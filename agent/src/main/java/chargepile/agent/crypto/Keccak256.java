package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** The EVM's hash: Keccak-256 as submitted to NIST, which is not SHA3-256. */
public final class Keccak256 {
  private static final int BITS = 256;

  private Keccak256() {}

  /** The hash of all parts, one after the other. */
  public static ByteVector32 hash(ByteVector... parts) {
    KeccakDigest digest = new KeccakDigest(BITS);
    for (ByteVector part : parts) {
      byte[] bytes = part.toByteArray();
      digest.update(bytes, 0, bytes.length);
    }
    byte[] hash = new byte[BITS / 8];
    digest.doFinal(hash, 0);
    return new ByteVector32(hash);
  }

  /** The hash of a text's ASCII bytes. */
  public static ByteVector32 hash(String ascii) {
    return hash(new ByteVector(ascii.getBytes(StandardCharsets.US_ASCII)));
  }
}
