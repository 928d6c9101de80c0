package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/** Secrets from a seed by HKDF-SHA256 (RFC 5869), each with a label of its own. */
final class SecretDerivation {
  private static final BigInteger N = CustomNamedCurves.getByName("secp256k1").getN();
  private static final byte[] SALT = "chargepile key derivation 1".getBytes(StandardCharsets.UTF_8);

  private SecretDerivation() {}

  static ByteVector32 bytes(ByteVector32 seed, String label) {
    var hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(seed.toByteArray(), SALT, label.getBytes(StandardCharsets.UTF_8)));
    byte[] output = new byte[32];
    hkdf.generateBytes(output, 0, output.length);
    return new ByteVector32(output);
  }

  /** The first output in the range of private keys, 1 to n-1: all but always the very first. */
  static PrivateKey key(ByteVector32 seed, String label) {
    for (int attempt = 0; ; attempt++) {
      ByteVector32 candidate = bytes(seed, label + "/" + attempt);
      var scalar = new BigInteger(1, candidate.toByteArray());
      if (scalar.signum() > 0 && scalar.compareTo(N) < 0) {
        return new PrivateKey(candidate);
      }
    }
  }
}
