package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;

/**
 * Shows that a party has the secret of a key (P1-10), under a domain tag that no other signature
 * has, so that it is nothing else and nothing else is it.
 */
public record ProofOfPossession(G1Point point) {
  /** The proof for {@code secret}'s public key and a party. */
  public static ProofOfPossession prove(PartyId party, Zq secret, Pairing pairing) {
    G1Point h = hash(party, pairing.publicKey(secret), pairing);
    return new ProofOfPossession(pairing.multiplySecret(h, secret));
  }

  public boolean verify(PartyId party, G2Point publicKey, Pairing pairing) {
    return pairing.verify(point, hash(party, publicKey, pairing), publicKey);
  }

  /** 48 bytes. */
  public ByteVector encode() {
    return point.encode();
  }

  /** Throws {@link MalformedIdentityException}. */
  public static ProofOfPossession decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "proof of possession", "", bytes, in -> new ProofOfPossession(in.g1(pairing)));
  }

  private static G1Point hash(PartyId party, G2Point publicKey, Pairing pairing) {
    ByteVector message = new FieldWriter().party(party).point(publicKey).toByteVector();
    return pairing.hashToG1(message, Suite.POSSESSION);
  }
}
