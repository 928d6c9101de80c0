package chargepile.agent.channel.tx;

import chargepile.agent.crypto.Basepoints;
import chargepile.agent.crypto.KeyDerivation;
import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.PublicKey;

/**
 * The public keys in one commitment transaction; "local" is its owner (BOLT 3).
 *
 * @param revocation the other side's, once the owner has revoked this commitment
 * @param localDelayed the owner's for its delayed balance
 * @param remotePayment the other side's payment basepoint, the same in every commitment
 */
public record CommitmentKeys(
    PublicKey revocation,
    PublicKey localDelayed,
    PublicKey localHtlc,
    PublicKey remoteHtlc,
    PublicKey remotePayment) {

  /** The keys of the owner's commitment that has this per-commitment point. */
  public static CommitmentKeys of(
      Basepoints owner, Basepoints other, PublicKey ownerPerCommitmentPoint, Signer signer) {
    return new CommitmentKeys(
        KeyDerivation.revocationPublicKey(other.revocation(), ownerPerCommitmentPoint, signer),
        KeyDerivation.derivePublicKey(owner.delayedPayment(), ownerPerCommitmentPoint, signer),
        KeyDerivation.derivePublicKey(owner.htlc(), ownerPerCommitmentPoint, signer),
        KeyDerivation.derivePublicKey(other.htlc(), ownerPerCommitmentPoint, signer),
        other.payment());
  }
}
