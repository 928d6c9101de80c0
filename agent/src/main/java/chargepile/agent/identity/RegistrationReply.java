package chargepile.agent.identity;

import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.util.Optional;

/**
 * What a key generation centre answers to a request: the certificate, and its part of the identity
 * key, sealed to the node key that the certificate names (P1-08). It is also how a device keeps its
 * identity: without the device's seed nobody makes a key of it.
 *
 * @param sealed an {@link IssuedKey} in a {@link SealedPart}
 */
public record RegistrationReply(Certificate certificate, ByteVector sealed) {
  private static final String MAGIC = "CPRR1";

  /**
   * Seals the centre's part.
   *
   * @param once a fresh random key, to be forgotten
   */
  public static RegistrationReply of(
      Certificate certificate, IssuedKey issued, PrivateKey once, Signer signer) {
    return new RegistrationReply(
        certificate,
        SealedPart.seal(
            signer,
            certificate.registration().nodeKey(),
            once,
            issued.encode(),
            certificate.encode()));
  }

  /**
   * The identity key, made whole with the device's own share.
   *
   * @return nothing when it was sealed to another node key, or changed
   * @throws IllegalArgumentException when what was sealed and the share are not the secret of the
   *     certificate's key; the message says so
   */
  public Optional<IdentityKey> open(PrivateKey nodeKey, Zq share, Signer signer, Pairing pairing) {
    return SealedPart.open(signer, nodeKey, sealed, certificate.encode())
        .map(
            bytes -> {
              IssuedKey issued = IssuedKey.decode(bytes, pairing);
              if (!issued.party().equals(certificate.party())
                  || !issued.publicKey().equals(certificate.publicKey())) {
                throw new IllegalArgumentException(
                    "the key that was issued is not that of its certificate");
              }
              return issued.complete(share, pairing);
            });
  }

  /** Some 600 bytes; only the node key opens what is secret in them. */
  public ByteVector encode() {
    return FieldWriter.of(MAGIC).block(certificate.encode()).block(sealed).toByteVector();
  }

  /** Throws {@link MalformedIdentityException}. */
  public static RegistrationReply decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "reply of a key generation centre",
        MAGIC,
        bytes,
        in -> new RegistrationReply(Certificate.decode(in.block(), pairing), in.block()));
  }
}
