package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import fr.acinq.bitcoin.ByteVector;

/**
 * A registration with its centre's signature (P1-10). That it is well-formed says nothing: {@link
 * CertificateCheck} says whether it holds.
 */
public record Certificate(Registration registration, G1Point signature) {
  private static final String MAGIC = "CPCT1";

  public PartyId party() {
    return registration.party();
  }

  public Role role() {
    return registration.role();
  }

  public G2Point publicKey() {
    return registration.publicKey();
  }

  /** Public bytes, some 350. */
  public ByteVector encode() {
    return FieldWriter.of(MAGIC).block(registration.encode()).point(signature).toByteVector();
  }

  /** Throws {@link MalformedIdentityException}. */
  public static Certificate decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "certificate",
        MAGIC,
        bytes,
        in -> new Certificate(Registration.decode(in.block(), pairing), in.g1(pairing)));
  }
}
