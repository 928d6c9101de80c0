package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.Pairing;
import fr.acinq.bitcoin.ByteVector;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A settlement with all that proves it: its signers' certificates and one signature of 48 bytes
 * (P1-33).
 *
 * @param signers sorted by name
 */
public record SignedSettlement(
    SettlementCertificate terms, List<Certificate> signers, G1Point signature) {
  private static final String MAGIC = "CPSS1";

  /**
   * @throws IllegalArgumentException when the signers are no {@link SignerSet}
   */
  public SignedSettlement {
    signers = signers.stream().sorted(Comparator.comparing(Certificate::party)).toList();
    SignerSet.certified(signers);
  }

  /** L. */
  public SignerSet signerSet() {
    return SignerSet.certified(signers);
  }

  /**
   * The first thing that is wrong, or nothing. Certificates are judged at the time of the
   * settlement, which all signers attest: what a key signed holds after the certificate has expired
   * or was replaced.
   */
  public Optional<SettlementRefusal> verify(
      KgcParameters parameters, Optional<RevocationList> revocations, Pairing pairing) {
    CertificateCheck check = new CertificateCheck(parameters, revocations, pairing);
    for (Certificate certificate : signers) {
      Optional<CertificateRefusal> reason = check.verify(certificate, terms.settledAt());
      if (reason.isPresent()) {
        return Optional.of(new SettlementRefusal.BadCertificate(certificate.party(), reason.get()));
      }
    }
    for (PartyId party : List.of(terms.seller(), terms.buyer())) {
      if (signers.stream().noneMatch(certificate -> certificate.party().equals(party))) {
        return Optional.of(new SettlementRefusal.NotSigned(party));
      }
    }
    for (Certificate certificate : signers) {
      if (!maySign(certificate)) {
        return Optional.of(
            new SettlementRefusal.WrongRole(certificate.party(), certificate.role()));
      }
    }
    return new MultiSignature(pairing).verify(signerSet(), terms.encode(), signature)
        ? Optional.empty()
        : Optional.of(new SettlementRefusal.BadSignature());
  }

  /** Drivers and piles trade (P1-01); a company signs for none of its piles (P1-12). */
  private boolean maySign(Certificate certificate) {
    boolean trades =
        certificate.party().equals(terms.seller()) || certificate.party().equals(terms.buyer());
    return switch (certificate.role()) {
      case USER, PILE -> true;
      case HUB, AGENCY -> !trades;
      case COMPANY -> false;
    };
  }

  public ByteVector encode() {
    FieldWriter out = FieldWriter.of(MAGIC).block(terms.encode());
    return out.list(signers, certificate -> out.block(certificate.encode()))
        .point(signature)
        .toByteVector();
  }

  /** Throws {@link MalformedIdentityException}. */
  public static SignedSettlement decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "signed settlement",
        MAGIC,
        bytes,
        in -> {
          SettlementCertificate terms = SettlementCertificate.decode(in.block());
          List<Certificate> signers =
              in.list(SignerSet.MOST, () -> Certificate.decode(in.block(), pairing));
          SignedSettlement settlement = new SignedSettlement(terms, signers, in.g1(pairing));
          if (!settlement.signers().equals(signers)) {
            throw new MalformedIdentityException("its signers are not sorted by name");
          }
          return settlement;
        });
  }
}
