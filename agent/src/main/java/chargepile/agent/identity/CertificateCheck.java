package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.Pairing;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a certificate holds, by nothing but the centre's public parameters and, if there is one,
 * its list of revocations.
 */
public record CertificateCheck(
    KgcParameters parameters, Optional<RevocationList> revocations, Pairing pairing) {

  /** What else a certificate must be; empty where it doesn't matter. */
  public record Expected(
      Optional<PartyId> party, Optional<Role> role, Optional<PublicKey> nodeKey) {
    public static final Expected ANYONE =
        new Expected(Optional.empty(), Optional.empty(), Optional.empty());

    /** The peer of a handshake: a role and the key it showed there. */
    public static Expected peer(Role role, PublicKey nodeKey) {
      return new Expected(Optional.empty(), Optional.of(role), Optional.of(nodeKey));
    }
  }

  /** {@link #verify(Certificate, Expected, Instant)} for anyone's certificate. */
  public Optional<CertificateRefusal> verify(Certificate certificate, Instant at) {
    return verify(certificate, Expected.ANYONE, at);
  }

  /**
   * The first thing that is wrong, or nothing. What the certificate says of itself is compared
   * before its signature is verified: a pairing takes long, and a stranger can have one asked for.
   */
  public Optional<CertificateRefusal> verify(
      Certificate certificate, Expected expected, Instant at) {
    Registration registration = certificate.registration();
    return issuer(registration)
        .or(() -> difference(registration, expected))
        .or(() -> signature(certificate))
        .or(() -> validity(registration, at));
  }

  private Optional<CertificateRefusal> issuer(Registration registration) {
    return registration.kgc().equals(parameters.id())
        ? Optional.empty()
        : Optional.of(new CertificateRefusal.ForeignKgc(registration.kgc(), parameters.id()));
  }

  private Optional<CertificateRefusal> signature(Certificate certificate) {
    Registration registration = certificate.registration();
    boolean signed =
        pairing.verify(
            certificate.signature(),
            pairing.hashToG1(registration.encode(), Suite.CERTIFICATE),
            parameters.publicKey());
    return signed
        ? Optional.empty()
        : Optional.of(new CertificateRefusal.BadSignature(registration.party()));
  }

  private Optional<CertificateRefusal> validity(Registration registration, Instant at) {
    if (at.isBefore(registration.notBefore())) {
      return Optional.of(new CertificateRefusal.NotYetValid(registration.notBefore(), at));
    }
    if (!at.isBefore(registration.notAfter())) {
      return Optional.of(new CertificateRefusal.Expired(registration.notAfter(), at));
    }
    return revocations.flatMap(list -> revocation(list, registration, at));
  }

  private Optional<CertificateRefusal> revocation(
      RevocationList list, Registration registration, Instant at) {
    if (!list.isSignedBy(parameters, pairing)) {
      return Optional.of(new CertificateRefusal.BadRevocationList(list.number()));
    }
    return list.revokedSince(registration.serial())
        .filter(since -> !at.isBefore(since))
        .map(since -> new CertificateRefusal.Revoked(since, list.number()));
  }

  private static Optional<CertificateRefusal> difference(
      Registration registration, Expected expected) {
    if (expected.party().filter(party -> !party.equals(registration.party())).isPresent()) {
      return Optional.of(
          new CertificateRefusal.WrongParty(registration.party(), expected.party().get()));
    }
    if (expected.role().filter(role -> role != registration.role()).isPresent()) {
      return Optional.of(
          new CertificateRefusal.WrongRole(registration.role(), expected.role().get()));
    }
    if (expected.nodeKey().filter(key -> !key.equals(registration.nodeKey())).isPresent()) {
      return Optional.of(
          new CertificateRefusal.WrongNodeKey(registration.nodeKey(), expected.nodeKey().get()));
    }
    return Optional.empty();
  }
}
