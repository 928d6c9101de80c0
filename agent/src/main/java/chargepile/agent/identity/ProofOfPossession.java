package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;

/**
 * Shows that a party has the secret of a key (P1-10), under a domain tag that no other signature
 * has, so that it is nothing else and nothing else is it. It covers all that the party wants to be
 * certified, centre, role and node key too, so that it proves nothing in another's request.
 */
public record ProofOfPossession(G1Point point) {
  /** The proof for {@code secret}'s public key and what is asked for. */
  public static ProofOfPossession prove(
      RegistrationRequest.Subject subject, Zq secret, Pairing pairing) {
    return prove(about(subject), secret, pairing);
  }

  static ProofOfPossession prove(ByteVector about, Zq secret, Pairing pairing) {
    G1Point h = hash(about, pairing.publicKey(secret), pairing);
    return new ProofOfPossession(pairing.multiplySecret(h, secret));
  }

  public boolean verify(RegistrationRequest.Subject subject, G2Point publicKey, Pairing pairing) {
    return pairing.verify(point, hash(about(subject), publicKey, pairing), publicKey);
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

  private static ByteVector about(RegistrationRequest.Subject subject) {
    return subject.write(new FieldWriter()).toByteVector();
  }

  private static G1Point hash(ByteVector about, G2Point publicKey, Pairing pairing) {
    ByteVector message = new FieldWriter().bytes(about).point(publicKey).toByteVector();
    return pairing.hashToG1(message, Suite.POSSESSION);
  }
}
