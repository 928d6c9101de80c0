package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;

/**
 * The key a party signs settlements with; it never holds money (P1-09).
 *
 * @param tag K_ID, which names the issue to the centre; private (P1-05)
 * @param secret x: the centre's x_ID, plus the party's own share if it has one (P1-09b)
 * @param publicKey y = x · P
 */
public record IdentityKey(PartyId party, Zq tag, Zq secret, G2Point publicKey) {
  private static final String MAGIC = "CPID1";

  public IdentityKey {
    if (secret.isZero() || publicKey.isIdentity()) {
      throw new IllegalArgumentException("the identity key 0 is no key");
    }
  }

  /** A key whose two halves belong together. */
  static IdentityKey of(PartyId party, Zq tag, Zq secret, G2Point publicKey, Pairing pairing) {
    if (secret.isZero() || !pairing.publicKey(secret).equals(publicKey)) {
      throw new IllegalArgumentException(
          "the secret that was issued to " + party + " is not that of its public key");
    }
    return new IdentityKey(party, tag, secret, publicKey);
  }

  /** Secret bytes: to be sealed before they are stored. */
  public ByteVector encode() {
    return FieldWriter.of(MAGIC)
        .party(party)
        .scalar(tag)
        .scalar(secret)
        .point(publicKey)
        .toByteVector();
  }

  /** Throws {@link MalformedIdentityException}, also when the halves don't belong together. */
  public static IdentityKey decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "identity key",
        MAGIC,
        bytes,
        in -> of(in.party(), in.scalar(), in.scalar(), in.g2(pairing), pairing));
  }
}
