package chargepile.agent.identity;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a key generation centre answers to a request: the certificate, and its part of the identity
 * key, sealed to the node key that the certificate names (P1-08). It is also how a device keeps its
 * identity: without the device's seed nobody makes a key of it.
 *
 * @param sealed an {@link IssuedKey} in a {@link SealedPart}
 * @param chain the same registration for the registry contract, where it names an EVM account; a
 *     centre of before there were such certificates gave none
 */
public record RegistrationReply(
    Certificate certificate, ByteVector sealed, Optional<SignedChainCertificate> chain) {
  private static final String MAGIC = "CPRR1";
  private static final String MAGIC_WITH_CHAIN = "CPRR2";

  public RegistrationReply {
    if (chain
        .filter(c -> !c.certificate().registration().equals(certificate.registration()))
        .isPresent()) {
      throw new IllegalArgumentException("the two certificates are not of one registration");
    }
  }

  /** A reply for a party without an EVM account. */
  public RegistrationReply(Certificate certificate, ByteVector sealed) {
    this(certificate, sealed, Optional.empty());
  }

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

  /** The same with the certificate for the registry contract. */
  public RegistrationReply with(SignedChainCertificate onChain) {
    return new RegistrationReply(certificate, sealed, Optional.of(onChain));
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
    FieldWriter out =
        FieldWriter.of(chain.isPresent() ? MAGIC_WITH_CHAIN : MAGIC)
            .block(certificate.encode())
            .block(sealed);
    chain.ifPresent(
        onChain ->
            out.optional(onChain.certificate().company(), out::party)
                .bytes(onChain.signature().bytes()));
    return out.toByteVector();
  }

  /** Throws {@link MalformedIdentityException}. */
  public static RegistrationReply decode(ByteVector bytes, Pairing pairing) {
    boolean chained = startsWith(bytes, MAGIC_WITH_CHAIN);
    return FieldReader.whole(
        "reply of a key generation centre",
        chained ? MAGIC_WITH_CHAIN : MAGIC,
        bytes,
        in -> {
          Certificate certificate = Certificate.decode(in.block(), pairing);
          ByteVector sealed = in.block();
          return new RegistrationReply(
              certificate,
              sealed,
              chained ? Optional.of(chain(in, certificate.registration())) : Optional.empty());
        });
  }

  private static SignedChainCertificate chain(FieldReader in, Registration registration) {
    return new SignedChainCertificate(
        new ChainCertificate(registration, in.optional(in::party)),
        EvmSignature.of(in.bytes(EvmSignature.BYTES)));
  }

  private static boolean startsWith(ByteVector bytes, String magic) {
    ByteVector expected = new ByteVector(magic.getBytes(StandardCharsets.US_ASCII));
    return bytes.size() >= expected.size() && bytes.slice(0, expected.size()).equals(expected);
  }
}
