package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;

/**
 * What the key generation centre sends to a party, over a channel that is encrypted and
 * authenticated (P1-08). It is the whole key when the centre chose it alone, and one of two shares
 * when the party has a secret of its own (P1-09b).
 *
 * @param tag K_ID, uniform for each issue
 * @param share x_ID = s · H1(ID, K_ID, s)
 * @param publicKey y_ID = x_ID · P, plus the party's own share if it has one
 */
public record IssuedKey(PartyId party, Zq tag, Zq share, G2Point publicKey) {
  private static final String MAGIC = "CPIK1";

  /**
   * The key of a party that has no share of its own.
   *
   * @throws IllegalArgumentException when the share is not the secret of the public key
   */
  public IdentityKey complete(Pairing pairing) {
    return IdentityKey.of(party, tag, share, publicKey, pairing);
  }

  /**
   * The key of a party with a share of its own, x = x_ID + x_user.
   *
   * @throws IllegalArgumentException when the two are not the secret of the public key
   */
  public IdentityKey complete(Zq userShare, Pairing pairing) {
    return IdentityKey.of(party, tag, share.plus(userShare), publicKey, pairing);
  }

  /** Secret bytes. */
  public ByteVector encode() {
    return FieldWriter.of(MAGIC)
        .party(party)
        .scalar(tag)
        .scalar(share)
        .point(publicKey)
        .toByteVector();
  }

  /** Throws {@link MalformedIdentityException}. */
  public static IssuedKey decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "issued key",
        MAGIC,
        bytes,
        in -> new IssuedKey(in.party(), in.scalar(), in.scalar(), in.g2(pairing)));
  }
}
