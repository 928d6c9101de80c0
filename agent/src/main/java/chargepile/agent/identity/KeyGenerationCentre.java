package chargepile.agent.identity;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The mathematics of a key generation centre: issue, certify, revoke (P1-07 to P1-10). It remembers
 * nothing: unique names, serial numbers and list numbers are the caller's.
 */
public final class KeyGenerationCentre {
  private final MasterKey master;
  private final KgcParameters parameters;
  private final Pairing pairing;

  public KeyGenerationCentre(PartyId name, MasterKey master, Pairing pairing) {
    this.master = master;
    this.parameters = master.parameters(name, pairing);
    this.pairing = pairing;
  }

  public KgcParameters parameters() {
    return parameters;
  }

  /**
   * A key that the centre knows whole (P1-08). Issuing again with another tag gives another key;
   * with the same tag, the same.
   *
   * @param tag K_ID: uniform in Z_q*, new for each issue
   */
  public IssuedKey issue(PartyId party, Zq tag) {
    Zq share = share(party, tag);
    return new IssuedKey(party, tag, share, pairing.publicKey(share));
  }

  /**
   * A key of which the party keeps one share, so that the centre can't sign for it (P1-09b): y =
   * y_ID + x_user · P.
   *
   * @param subject whom the certificate is to name
   * @param userShare x_user · P
   * @param possession shows that who asks for this subject has x_user
   * @throws IllegalArgumentException when it does not
   */
  public IssuedKey issue(
      RegistrationRequest.Subject subject,
      Zq tag,
      G2Point userShare,
      ProofOfPossession possession) {
    PartyId party = subject.party();
    if (!possession.verify(subject, userShare, pairing)) {
      throw new IllegalArgumentException(
          party + " does not show that it has the secret of its key share");
    }
    Zq share = share(party, tag);
    G2Point publicKey = pairing.sum(List.of(pairing.publicKey(share), userShare));
    if (publicKey.isIdentity()) {
      throw new IllegalArgumentException("the two key shares of " + party + " cancel out");
    }
    return new IssuedKey(party, tag, share, publicKey);
  }

  /**
   * Signs a registration.
   *
   * @throws IllegalArgumentException when it names another centre
   */
  public Certificate certify(Registration registration) {
    requireOwn(registration);
    return new Certificate(registration, sign(registration.encode(), Suite.CERTIFICATE));
  }

  /** By which registry contracts know this centre (P1-10). */
  public EvmAddress account(Signer signer) {
    return EvmSignature.address(signer.publicKey(master.account()));
  }

  /**
   * Signs a registration for the registry contract that its EVM account is in.
   *
   * @param company the registrar of a pile
   * @throws IllegalArgumentException when it names another centre, or no account
   */
  public SignedChainCertificate certifyForChain(
      Registration registration, Optional<PartyId> company, Signer signer) {
    requireOwn(registration);
    ChainCertificate certificate = new ChainCertificate(registration, company);
    return new SignedChainCertificate(certificate, certificate.sign(signer, master.account()));
  }

  /** Signs a revocation for a registry contract (P1-10). */
  public ChainRevocation.Signed revokeOnChain(ChainRevocation revocation, Signer signer) {
    return revocation.sign(signer, master.account());
  }

  private void requireOwn(Registration registration) {
    if (!registration.kgc().equals(parameters.id())) {
      throw new IllegalArgumentException("the registration names another centre");
    }
  }

  /**
   * A list of all that is revoked, in any order.
   *
   * @param number above that of every earlier list
   */
  public RevocationList revoke(long number, Instant issued, List<Revocation> revocations) {
    List<Revocation> sorted =
        revocations.stream().sorted(Comparator.comparingLong(Revocation::serial)).toList();
    ByteVector body = RevocationList.body(parameters.id(), number, issued, sorted);
    return new RevocationList(
        parameters.id(), number, issued, sorted, sign(body, Suite.REVOCATION_LIST));
  }

  /** x_ID = s · H1(ID, K_ID, s); neither factor is 0, so x_ID is not. */
  private Zq share(PartyId party, Zq tag) {
    if (tag.isZero()) {
      throw new IllegalArgumentException("the tag K_ID is in 1 to q-1");
    }
    ByteVector input =
        new FieldWriter().party(party).scalar(tag).scalar(master.secret()).toByteVector();
    return master.secret().times(Digest.toScalar(Suite.KEY_GENERATION, input));
  }

  private G1Point sign(ByteVector message, String domain) {
    return pairing.multiplySecret(pairing.hashToG1(message, domain), master.secret());
  }
}
