package chargepile.agent.session.notary;

import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.Certificate;
import chargepile.agent.identity.CertificateCheck;
import chargepile.agent.identity.IdentityKey;
import chargepile.agent.identity.InvalidSignatureException;
import chargepile.agent.identity.Ledger;
import chargepile.agent.identity.MultiSignature;
import chargepile.agent.identity.PartialSignature;
import chargepile.agent.identity.Role;
import chargepile.agent.identity.SettlementCertificate;
import chargepile.agent.identity.SettlementRefusal;
import chargepile.agent.identity.SignedSettlement;
import chargepile.agent.identity.SignerSet;
import fr.acinq.bitcoin.ByteVector;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A clerk with an identity key: looks at the certificates of peers, and signs settlement
 * certificates, the pile first and the driver after it has compared every field (P1-13, P1-14,
 * P1-33). Thread-safe.
 */
public final class SigningClerk implements Clerk {
  private final CertificateCheck check;
  private final IdentityKey key;
  private final Certificate certificate;
  private final SettlementTerms terms;
  private final MultiSignature multiSignature;

  /**
   * @param check with the parameters of the centre that is trusted
   * @param certificate the own one, of {@code key}
   * @param ledger that the channels are on
   */
  public SigningClerk(
      CertificateCheck check, IdentityKey key, Certificate certificate, Ledger ledger) {
    this.check = check;
    this.key = key;
    this.certificate = certificate;
    this.terms = new SettlementTerms(ledger);
    this.multiSignature = new MultiSignature(pairing());
  }

  private Pairing pairing() {
    return check.pairing();
  }

  @Override
  public NotaryAnswer answer(NotaryTask task, Instant now) {
    return switch (task) {
      case NotaryTask.Check shown ->
          new NotaryAnswer.Identified(shown.peer(), shown.certificate(), identity(shown, now), now);
      case NotaryTask.Sign(Pending settlement, boolean anew) ->
          sign(settlement, anew ? now : settlement.account().ended());
      case NotaryTask.Countersign(Pending settlement, var proposal) ->
          countersign(settlement, proposal, now);
      case NotaryTask.Verify(Pending settlement, ByteVector signature) ->
          verify(settlement, signature);
    };
  }

  private PeerIdentity identity(NotaryTask.Check shown, Instant now) {
    try {
      Certificate theirs = Certificate.decode(shown.certificate(), pairing());
      Role role = shown.pile() ? Role.PILE : Role.USER;
      return check
          .verify(theirs, CertificateCheck.Expected.peer(role, shown.peer()), now)
          .<PeerIdentity>map(refusal -> new PeerIdentity.Refused(refusal.explanation()))
          .orElseGet(() -> certified(shown.certificate(), theirs));
    } catch (IllegalArgumentException e) {
      return new PeerIdentity.Refused(String.valueOf(e.getMessage()));
    }
  }

  private PeerIdentity certified(ByteVector bytes, Certificate theirs) {
    if (theirs.party().equals(certificate.party())) {
      return new PeerIdentity.Refused("it is in the own name " + theirs.party());
    }
    var registration = theirs.registration();
    return new PeerIdentity.Certified(
        bytes,
        theirs.party().value(),
        registration.ratedPowerWatts().map(OptionalLong::of).orElseGet(OptionalLong::empty),
        registration.meterKey());
  }

  private NotaryAnswer sign(Pending settlement, Instant settledAt) {
    try {
      Certificate own = own(settlement);
      if (!isOfKey(own)) {
        return givenUp(settlement);
      }
      Certificate driver = Certificate.decode(settlement.peerCertificate(), pairing());
      SettlementCertificate agreed = terms.of(settlement, own.party(), driver.party(), settledAt);
      PartialSignature first =
          multiSignature.start(SignerSet.certified(List.of(own, driver)), agreed.encode(), key);
      return new NotaryAnswer.Signed(
          settlement.id(),
          settlement.account().paid(),
          new Pending.Proposal(agreed.encode(), first.point().encode()));
    } catch (IllegalArgumentException e) {
      return declined(settlement, String.valueOf(e.getMessage()));
    }
  }

  private NotaryAnswer countersign(Pending settlement, Pending.Proposal proposal, Instant now) {
    try {
      Certificate own = own(settlement);
      if (!isOfKey(own)) {
        return givenUp(settlement);
      }
      Certificate pile = Certificate.decode(settlement.peerCertificate(), pairing());
      SettlementCertificate proposed = SettlementCertificate.decode(proposal.settlement());
      Optional<String> difference =
          terms.difference(settlement, pile.party(), own.party(), proposed);
      if (difference.isPresent()) {
        return declined(settlement, difference.get());
      }
      Optional<String> mistimed = terms.mistimed(settlement, proposed, now);
      if (mistimed.isPresent()) {
        return new NotaryAnswer.Mistimed(settlement.id(), mistimed.get());
      }
      PartialSignature received =
          new PartialSignature(List.of(pile.party()), pairing().decodeG1(proposal.signature()));
      List<Certificate> signers = List.of(pile, own);
      G1Point both =
          multiSignature
              .add(received, SignerSet.certified(signers), proposed.encode(), key)
              .point();
      SignedSettlement signed = new SignedSettlement(proposed, signers, both);
      return objection(signed)
          .<NotaryAnswer>map(text -> declined(settlement, text))
          .orElseGet(
              () ->
                  new NotaryAnswer.Countersigned(settlement.id(), both.encode(), signed.encode()));
    } catch (InvalidSignatureException | IllegalArgumentException e) {
      return declined(settlement, String.valueOf(e.getMessage()));
    }
  }

  private NotaryAnswer verify(Pending settlement, ByteVector signature) {
    try {
      Pending.Proposal proposal = settlement.proposal().orElseThrow();
      SignedSettlement signed =
          new SignedSettlement(
              SettlementCertificate.decode(proposal.settlement()),
              List.of(Certificate.decode(settlement.peerCertificate(), pairing()), own(settlement)),
              pairing().decodeG1(signature));
      return objection(signed)
          .<NotaryAnswer>map(text -> declined(settlement, text))
          .orElseGet(() -> new NotaryAnswer.Verified(settlement.id(), signed.encode()));
    } catch (IllegalArgumentException e) {
      return declined(settlement, String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> objection(SignedSettlement signed) {
    return signed
        .verify(check.parameters(), check.revocations(), pairing())
        .map(SettlementRefusal::explanation);
  }

  /** The own certificate that the peer knew when the terms were agreed to. */
  private Certificate own(Pending settlement) {
    return Certificate.decode(settlement.ownCertificate(), pairing());
  }

  private boolean isOfKey(Certificate own) {
    return own.party().equals(certificate.party()) && own.publicKey().equals(key.publicKey());
  }

  private static NotaryAnswer givenUp(Pending settlement) {
    return new NotaryAnswer.GivenUp(
        settlement.id(),
        "the session was agreed to with another identity key than that of the present certificate");
  }

  private static NotaryAnswer declined(Pending settlement, String reason) {
    return new NotaryAnswer.Declined(settlement.id(), reason);
  }
}
