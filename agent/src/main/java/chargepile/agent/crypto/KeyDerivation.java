package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;

/**
 * The keys of one commitment, from basepoints and its per-commitment point (BOLT 3, "Key
 * Derivation").
 *
 * <p>Every method throws {@link IllegalArgumentException} when a point is invalid. A hash outside
 * the scalars' range would be an error too; none is known.
 */
public final class KeyDerivation {
  private KeyDerivation() {}

  /** {@code basepoint + SHA256(point ‖ basepoint) · G}. */
  public static PublicKey derivePublicKey(
      PublicKey basepoint, PublicKey perCommitmentPoint, Signer signer) {
    PrivateKey tweak = new PrivateKey(hash(perCommitmentPoint, basepoint));
    return signer.add(basepoint, signer.publicKey(tweak));
  }

  /** {@code secret + SHA256(point ‖ basepoint)}, the key of {@link #derivePublicKey}. */
  public static PrivateKey derivePrivateKey(
      PrivateKey basepointSecret, PublicKey perCommitmentPoint, Signer signer) {
    PublicKey basepoint = signer.publicKey(basepointSecret);
    return signer.add(basepointSecret, new PrivateKey(hash(perCommitmentPoint, basepoint)));
  }

  /** {@code basepoint · SHA256(basepoint ‖ point) + point · SHA256(point ‖ basepoint)}. */
  public static PublicKey revocationPublicKey(
      PublicKey revocationBasepoint, PublicKey perCommitmentPoint, Signer signer) {
    return signer.add(
        signer.multiply(revocationBasepoint, hash(revocationBasepoint, perCommitmentPoint)),
        signer.multiply(perCommitmentPoint, hash(perCommitmentPoint, revocationBasepoint)));
  }

  /**
   * The key of {@link #revocationPublicKey}: it needs the secrets of both sides, so nobody has it
   * before the commitment is revoked.
   */
  public static PrivateKey revocationPrivateKey(
      PrivateKey revocationBasepointSecret, ByteVector32 perCommitmentSecret, Signer signer) {
    PrivateKey secret = new PrivateKey(perCommitmentSecret);
    PublicKey basepoint = signer.publicKey(revocationBasepointSecret);
    PublicKey point = signer.publicKey(secret);
    return signer.add(
        signer.multiply(revocationBasepointSecret, hash(basepoint, point)),
        signer.multiply(secret, hash(point, basepoint)));
  }

  private static ByteVector32 hash(PublicKey first, PublicKey second) {
    return first.value.concat(second.value).sha256();
  }
}
