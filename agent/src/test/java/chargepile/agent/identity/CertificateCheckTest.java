package chargepile.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.pairing.BlstPairing;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.CertificateCheck.Expected;
import chargepile.agent.identity.Registry.Party;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CertificateCheckTest {
  private static final Pairing PAIRING = BlstPairing.load();
  private static final Registry REGISTRY = new Registry("kgc", PAIRING);
  private static final Party PILE = REGISTRY.party("pile-1", Role.PILE);
  private static final Party USER = REGISTRY.party("alice", Role.USER);
  private static final CertificateCheck CHECK =
      new CertificateCheck(REGISTRY.parameters, Optional.empty(), PAIRING);

  @Test
  void holdsFromItsFirstSecondToBeforeItsLast() {
    assertHolds(Registry.NOT_BEFORE);
    assertHolds(Registry.NOT_AFTER.minusMillis(1));
    assertRefused(
        new CertificateRefusal.NotYetValid(Registry.NOT_BEFORE, Registry.NOT_BEFORE.minusMillis(1)),
        Registry.NOT_BEFORE.minusMillis(1));
    assertRefused(
        new CertificateRefusal.Expired(Registry.NOT_AFTER, Registry.NOT_AFTER), Registry.NOT_AFTER);
  }

  @Test
  void holdsForThePeerThatTheHandshakeShowed() {
    assertEquals(
        Optional.empty(),
        CHECK.verify(
            PILE.certificate(), Expected.peer(Role.PILE, PILE.node().publicKey()), Registry.NOW));
  }

  /** A man in the middle with a valid certificate has another key in the handshake. */
  @Test
  void isRefusedForAnotherNodeKey() {
    PublicKey middle = USER.node().publicKey();
    assertEquals(
        Optional.of(new CertificateRefusal.WrongNodeKey(PILE.node().publicKey(), middle)),
        CHECK.verify(PILE.certificate(), Expected.peer(Role.PILE, middle), Registry.NOW));
  }

  /** A stranger who shows a certificate for another key costs no pairing. */
  @Test
  void theNodeKeyIsComparedBeforeTheSignature() {
    Registration changed =
        with(PILE.certificate().registration(), Registry.NOT_BEFORE, Registry.NOT_AFTER);
    PublicKey middle = USER.node().publicKey();
    assertEquals(
        Optional.of(new CertificateRefusal.WrongNodeKey(PILE.node().publicKey(), middle)),
        CHECK.verify(
            new Certificate(changed, USER.certificate().signature()),
            Expected.peer(Role.PILE, middle),
            Registry.NOW));
  }

  @Test
  void isRefusedInAnotherRoleOrForAnotherParty() {
    assertEquals(
        Optional.of(new CertificateRefusal.WrongRole(Role.USER, Role.PILE)),
        CHECK.verify(
            USER.certificate(), Expected.peer(Role.PILE, USER.node().publicKey()), Registry.NOW));
    assertEquals(
        Optional.of(new CertificateRefusal.WrongParty(USER.id(), PILE.id())),
        CHECK.verify(
            USER.certificate(),
            new Expected(Optional.of(PILE.id()), Optional.empty(), Optional.empty()),
            Registry.NOW));
  }

  @Test
  void isRefusedFromAForeignCentre() {
    Registry foreign = new Registry("foreign", PAIRING);
    Certificate certificate = foreign.party("pile-1", Role.PILE).certificate();
    assertEquals(
        Optional.of(
            new CertificateRefusal.ForeignKgc(foreign.parameters.id(), REGISTRY.parameters.id())),
        CHECK.verify(certificate, Registry.NOW));
    // Even one that names the trusted centre.
    Registration claimed = withKgc(certificate.registration());
    assertEquals(
        Optional.of(new CertificateRefusal.BadSignature(PILE.id())),
        CHECK.verify(new Certificate(claimed, certificate.signature()), Registry.NOW));
  }

  @Test
  void everyByteIsUnderTheSignature() {
    ByteVector bytes = PILE.certificate().encode();
    for (int at = 0; at < bytes.size(); at++) {
      byte[] changed = bytes.toByteArray();
      changed[at] ^= 1;
      boolean holds;
      try {
        Certificate certificate = Certificate.decode(new ByteVector(changed), PAIRING);
        holds = CHECK.verify(certificate, Registry.NOW).isEmpty();
      } catch (MalformedIdentityException e) {
        holds = false;
      }
      assertFalse(holds, "byte " + at);
    }
  }

  @Test
  void isRefusedFromTheMomentItIsRevoked() {
    RevocationList list =
        REGISTRY.centre.revoke(
            4,
            Registry.NOW,
            List.of(new Revocation(PILE.certificate().registration().serial(), Registry.NOW)));
    var check = new CertificateCheck(REGISTRY.parameters, Optional.of(list), PAIRING);
    assertEquals(Optional.empty(), check.verify(PILE.certificate(), Registry.NOW.minusSeconds(1)));
    assertEquals(
        Optional.of(new CertificateRefusal.Revoked(Registry.NOW, 4)),
        check.verify(PILE.certificate(), Registry.NOW));
    assertEquals(Optional.empty(), check.verify(USER.certificate(), Registry.NOW));
  }

  @Test
  void nothingHoldsByAListThatTheCentreDidNotSign() {
    RevocationList foreign =
        new Registry("foreign", PAIRING).centre.revoke(1, Registry.NOW, List.of());
    assertEquals(
        Optional.of(new CertificateRefusal.BadRevocationList(1)),
        new CertificateCheck(REGISTRY.parameters, Optional.of(foreign), PAIRING)
            .verify(PILE.certificate(), Registry.NOW));
  }

  @Test
  void everyRefusalSaysWhatIsWrong() {
    Instant at = Registry.NOW;
    List<CertificateRefusal> all =
        List.of(
            new CertificateRefusal.ForeignKgc(Registry.digest("a"), Registry.digest("b")),
            new CertificateRefusal.BadSignature(PILE.id()),
            new CertificateRefusal.NotYetValid(at, at),
            new CertificateRefusal.Expired(at, at),
            new CertificateRefusal.Revoked(at, 3),
            new CertificateRefusal.BadRevocationList(3),
            new CertificateRefusal.WrongParty(PILE.id(), USER.id()),
            new CertificateRefusal.WrongRole(Role.USER, Role.PILE),
            new CertificateRefusal.WrongNodeKey(PILE.node().publicKey(), USER.node().publicKey()));
    assertEquals(all.size(), all.stream().map(CertificateRefusal::explanation).distinct().count());
    assertTrue(all.stream().noneMatch(refusal -> refusal.explanation().endsWith(".")));
    assertEquals(all.size(), CertificateRefusal.class.getPermittedSubclasses().length);
  }

  @Test
  void aRegistrationHasSaneFields() {
    Registration good = PILE.certificate().registration();
    assertEquals(good, Registration.decode(good.encode(), PAIRING));
    assertThrows(
        IllegalArgumentException.class,
        () -> with(good, Registry.NOT_AFTER, Registry.NOT_AFTER),
        "no time");
    assertThrows(
        IllegalArgumentException.class,
        () -> with(good, Registry.NOT_BEFORE.plusMillis(1), Registry.NOT_AFTER),
        "fraction");
  }

  private static void assertHolds(Instant at) {
    assertEquals(Optional.empty(), CHECK.verify(PILE.certificate(), at));
  }

  private static void assertRefused(CertificateRefusal refusal, Instant at) {
    assertEquals(Optional.of(refusal), CHECK.verify(PILE.certificate(), at));
  }

  private static Registration withKgc(Registration of) {
    return new Registration(
        REGISTRY.parameters.id(),
        of.serial(),
        of.party(),
        of.role(),
        of.keyVersion(),
        of.publicKey(),
        of.nodeKey(),
        of.meterKey(),
        of.ratedPowerWatts(),
        of.evmAccount(),
        of.notBefore(),
        of.notAfter());
  }

  private static Registration with(Registration of, Instant notBefore, Instant notAfter) {
    return new Registration(
        of.kgc(),
        of.serial(),
        of.party(),
        of.role(),
        of.keyVersion(),
        of.publicKey(),
        of.nodeKey(),
        of.meterKey(),
        of.ratedPowerWatts(),
        of.evmAccount(),
        notBefore,
        notAfter);
  }
}
