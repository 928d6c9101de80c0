package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;

/**
 * What a key generation centre publishes (P1-07): all that a verifier needs.
 *
 * @param name of the centre
 * @param publicKey P_pub = s · P, by which its certificates and revocation lists are verified
 */
public record KgcParameters(PartyId name, G2Point publicKey) {
  private static final String MAGIC = "CPKP1";

  public KgcParameters {
    if (publicKey.isIdentity()) {
      throw new IllegalArgumentException("the identity point is no public key");
    }
  }

  /** The suite that the keys and signatures belong to. */
  public static String suite() {
    return Suite.ID;
  }

  /** A fingerprint: SHA-256 of the encoding. Certificates name it. */
  public ByteVector32 id() {
    return Digest.of(Suite.PARAMETERS, encode());
  }

  /** Some 170 bytes; public. */
  public ByteVector encode() {
    return FieldWriter.of(MAGIC).text(Suite.ID).party(name).point(publicKey).toByteVector();
  }

  /** Throws {@link MalformedIdentityException}, also for parameters of another suite. */
  public static KgcParameters decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "set of KGC parameters",
        MAGIC,
        bytes,
        in -> {
          if (!in.text().equals(Suite.ID)) {
            throw new MalformedIdentityException("it is of another suite than " + Suite.ID);
          }
          return new KgcParameters(in.party(), in.g2(pairing));
        });
  }
}
