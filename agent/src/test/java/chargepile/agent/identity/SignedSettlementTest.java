package chargepile.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.pairing.BlstPairing;
import chargepile.agent.crypto.pairing.BouncyCastlePairing;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.identity.Registry.Party;
import chargepile.agent.identity.SettlementCertificate.Side;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.ByteVector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignedSettlementTest {
  private static final Pairing PAIRING = BlstPairing.load();
  private static final Registry REGISTRY = new Registry("kgc", PAIRING);
  private static final Party PILE = REGISTRY.party("pile-1", Role.PILE);
  private static final Party USER = REGISTRY.party("alice", Role.USER);
  private static final Party HUB = REGISTRY.party("hub", Role.HUB);
  private static final SettlementCertificate TERMS = Registry.settlement(PILE.id(), USER.id());

  @Test
  void isVerifiedByTheParametersAlone() throws Exception {
    SignedSettlement settlement = REGISTRY.sign(TERMS, List.of(PILE, USER));
    SignedSettlement read = SignedSettlement.decode(settlement.encode(), PAIRING);
    assertEquals(settlement, read);
    assertEquals(Optional.empty(), verify(read));
    assertEquals(
        Optional.empty(),
        read.verify(REGISTRY.parameters, Optional.empty(), new BouncyCastlePairing()));
  }

  @Test
  void moreThanTheTwoMaySignInAnyOrder() throws Exception {
    assertEquals(
        REGISTRY.sign(TERMS, List.of(PILE, USER, HUB)),
        REGISTRY.sign(TERMS, List.of(HUB, USER, PILE)));
    assertEquals(Optional.empty(), verify(REGISTRY.sign(TERMS, List.of(HUB, USER, PILE))));
  }

  @Test
  void bothPartiesMustHaveSigned() throws Exception {
    assertEquals(
        Optional.of(new SettlementRefusal.NotSigned(USER.id())),
        verify(REGISTRY.sign(TERMS, List.of(PILE, HUB))));
  }

  /** P1-12: nobody signs for others, and who trades is a driver or a pile. */
  @Test
  void onlyDriversAndPilesTradeAndACompanySignsNothing() throws Exception {
    for (Role role : List.of(Role.HUB, Role.AGENCY, Role.COMPANY)) {
      Party trader = REGISTRY.party("trader", role);
      for (SettlementCertificate terms :
          List.of(
              Registry.settlement(trader.id(), USER.id()),
              Registry.settlement(USER.id(), trader.id()))) {
        assertEquals(
            Optional.of(new SettlementRefusal.WrongRole(trader.id(), role)),
            verify(REGISTRY.sign(terms, List.of(trader, USER))));
      }
    }
    Party company = REGISTRY.party("company", Role.COMPANY);
    SettlementRefusal refusal =
        verify(REGISTRY.sign(TERMS, List.of(PILE, USER, company))).orElseThrow();
    assertTrue(refusal.explanation().contains("signs no settlement"), refusal::explanation);
    Party other = REGISTRY.party("bob", Role.USER);
    SettlementCertificate carToCar = Registry.settlement(other.id(), USER.id());
    assertEquals(Optional.empty(), verify(REGISTRY.sign(carToCar, List.of(other, USER))));
  }

  @Test
  void otherTermsAreNotSigned() throws Exception {
    SignedSettlement settlement = REGISTRY.sign(TERMS, List.of(PILE, USER));
    SettlementCertificate turned = Registry.settlement(USER.id(), PILE.id());
    assertEquals(
        Optional.of(new SettlementRefusal.BadSignature()),
        verify(new SignedSettlement(turned, settlement.signers(), settlement.signature())));
  }

  @Test
  void everyByteIsUnderASignature() throws Exception {
    ByteVector bytes = REGISTRY.sign(TERMS, List.of(PILE, USER)).encode();
    for (int at = 0; at < bytes.size(); at++) {
      byte[] changed = bytes.toByteArray();
      changed[at] ^= 4;
      boolean holds;
      try {
        holds = verify(SignedSettlement.decode(new ByteVector(changed), PAIRING)).isEmpty();
      } catch (MalformedIdentityException e) {
        holds = false;
      }
      assertFalse(holds, "byte " + at);
    }
  }

  @Test
  void aSignersCertificateMustHoldAtTheTimeOfTheSettlement() throws Exception {
    SignedSettlement settlement = REGISTRY.sign(TERMS, List.of(PILE, USER));
    long serial = USER.certificate().registration().serial();
    RevocationList before =
        REGISTRY.centre.revoke(1, Registry.NOW, List.of(new Revocation(serial, Registry.NOW)));
    RevocationList after =
        REGISTRY.centre.revoke(
            2,
            Registry.NOW.plusSeconds(1),
            List.of(new Revocation(serial, Registry.NOW.plusSeconds(1))));
    assertEquals(
        Optional.of(
            new SettlementRefusal.BadCertificate(
                USER.id(), new CertificateRefusal.Revoked(Registry.NOW, 1))),
        settlement.verify(REGISTRY.parameters, Optional.of(before), PAIRING));
    assertEquals(
        Optional.empty(), settlement.verify(REGISTRY.parameters, Optional.of(after), PAIRING));
  }

  @Test
  void aForeignCentresSignersAreRefused() throws Exception {
    Registry foreign = new Registry("foreign", PAIRING);
    SignedSettlement settlement =
        foreign.sign(
            TERMS, List.of(foreign.party("pile-1", Role.PILE), foreign.party("alice", Role.USER)));
    assertTrue(verify(settlement).orElseThrow().explanation().contains("key generation centre"));
  }

  /** P1-02. */
  @Test
  void unequalSidesCannotBeWrittenDown() {
    Side sold = TERMS.sold();
    assertSides(
        sold, new Side(MilliWattHours.ofWattHours(21_999), sold.pricePerKwh(), sold.amount()));
    assertSides(sold, new Side(sold.energy(), new Amount(499_999), sold.amount()));
    assertSides(sold, new Side(sold.energy(), sold.pricePerKwh(), new Amount(11_000_001)));
    Side tooMuch = new Side(MilliWattHours.ofWattHours(22_001), sold.pricePerKwh(), sold.amount());
    var refused = assertThrows(IllegalArgumentException.class, () -> with(tooMuch, tooMuch));
    assertTrue(String.valueOf(refused.getMessage()).contains("than the meter counted"));
  }

  @Test
  void nobodySellsToItself() {
    assertThrows(IllegalArgumentException.class, () -> Registry.settlement(PILE.id(), PILE.id()));
  }

  private static void assertSides(Side sold, Side bought) {
    var refused = assertThrows(IllegalArgumentException.class, () -> with(sold, bought));
    assertTrue(String.valueOf(refused.getMessage()).contains("unequal"));
  }

  private static SettlementCertificate with(Side sold, Side bought) {
    return new SettlementCertificate(
        TERMS.ledger(),
        TERMS.channel(),
        TERMS.session(),
        TERMS.cycle(),
        TERMS.match(),
        TERMS.seller(),
        TERMS.buyer(),
        sold,
        bought,
        TERMS.meterStart(),
        TERMS.meterEnd(),
        TERMS.meterRoot(),
        TERMS.finalCommitment(),
        TERMS.settledAt(),
        TERMS.expiry());
  }

  private static Optional<SettlementRefusal> verify(SignedSettlement settlement) {
    return settlement.verify(REGISTRY.parameters, Optional.empty(), PAIRING);
  }
}
