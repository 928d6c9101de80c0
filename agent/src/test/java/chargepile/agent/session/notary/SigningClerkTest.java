package chargepile.agent.session.notary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.Signer;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.identity.SignedSettlement;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A pile's and a driver's clerk, and what each of them does not sign. */
class SigningClerkTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final ByteVector32 CHAIN = ByteVector32.fromValidHex("06".repeat(32));
  private static final SessionId SESSION = new SessionId(new ByteVector("0d".repeat(16)));
  private static final PublicKey PILE_NODE = key(7);
  private static final PublicKey DRIVER_NODE = key(8);
  private static final Registry.Party PILE =
      Registry.TRUSTED.pile("pile-a", PILE_NODE, Optional.empty(), 22_000);
  private static final Registry.Party DRIVER = Registry.TRUSTED.driver("driver-a", DRIVER_NODE);
  private static final Clerk PILES = Registry.TRUSTED.clerk(PILE, CHAIN);
  private static final Clerk DRIVERS = Registry.TRUSTED.clerk(DRIVER, CHAIN);
  private static final Account ACCOUNT = new Account(5_000_000, 2_000_000, 9, "0c", CHAIN, NOW);

  private static PublicKey key(int secret) {
    return Signer.best().publicKey(new PrivateKey(new ByteVector32("%064x".formatted(secret))));
  }

  /** What may differ between two sides. */
  private record Account(
      long energy, long amount, long commitment, String root, ByteVector32 channel, Instant ended) {
    SessionAccount whole() {
      return new SessionAccount(
          new ChannelId(channel),
          new Tariff(7, new Amount(400_000), new Amount(150_000), Amount.ZERO),
          new SessionTotals(
              SESSION,
              new SessionTotals.Total(new MilliWattHours(energy), 60_000, new Amount(amount)),
              SessionTotals.Total.ZERO),
          new MilliWattHours(1_000),
          new MilliWattHours(5_001_000),
          MilliWattHours.ZERO,
          MilliWattHours.ZERO,
          ByteVector32.fromValidHex(root.repeat(32)),
          commitment,
          commitment,
          ended.minusSeconds(3600),
          ended);
    }

    Pending with(Registry.Party peer, PublicKey node) {
      return with(peer, node, peer == PILE ? DRIVER : PILE);
    }

    Pending with(Registry.Party peer, PublicKey node, Registry.Party own) {
      SessionAccount account = whole();
      return new Pending(
          Direction.IMPORT,
          node,
          peer.shown(),
          own.shown(),
          account,
          new SessionSummary(
              SESSION,
              StopReason.UNPLUGGED,
              account.paid().imported(),
              account.paid().exported(),
              new MilliWattHours(5_000_000),
              MilliWattHours.ZERO),
          Optional.empty());
    }
  }

  private static Pending.Proposal proposal(Account account) {
    NotaryAnswer answer =
        PILES.answer(new NotaryTask.Sign(account.with(DRIVER, DRIVER_NODE), false), NOW);
    return assertInstanceOf(NotaryAnswer.Signed.class, answer).proposal();
  }

  private static NotaryAnswer countersign(Account own, Pending.Proposal proposal) {
    return DRIVERS.answer(new NotaryTask.Countersign(own.with(PILE, PILE_NODE), proposal), NOW);
  }

  @Test
  void oneAfterTheOtherTheySignOneCertificate() {
    Pending.Proposal proposal = proposal(ACCOUNT);
    assertEquals(48, proposal.signature().size());
    var both = assertInstanceOf(NotaryAnswer.Countersigned.class, countersign(ACCOUNT, proposal));
    assertEquals(48, both.signature().size());
    Pending proposed = ACCOUNT.with(DRIVER, DRIVER_NODE).with(proposal);
    var verified =
        assertInstanceOf(
            NotaryAnswer.Verified.class,
            PILES.answer(new NotaryTask.Verify(proposed, both.signature()), NOW));
    assertEquals(both.file(), verified.file());
    SignedSettlement signed = SignedSettlement.decode(both.file(), Registry.PAIRING);
    assertEquals(5_000_000, signed.terms().sold().energy().value());
    assertEquals(new Amount(400_000), signed.terms().bought().pricePerKwh());
    assertEquals(new Amount(2_000_000), signed.terms().bought().amount());
    assertEquals(9, signed.terms().finalCommitment());
  }

  @Test
  void aDriverSignsNothingThatIsNotAsItHasIt() {
    assertDeclined("sold: ", new Account(4_999_999, 2_000_000, 9, "0c", CHAIN, NOW));
    assertDeclined("sold: ", new Account(5_000_000, 2_000_001, 9, "0c", CHAIN, NOW));
    assertDeclined("final commitment: 10", new Account(5_000_000, 2_000_000, 10, "0c", CHAIN, NOW));
    assertDeclined("final commitment: 8", new Account(5_000_000, 2_000_000, 8, "0c", CHAIN, NOW));
    assertDeclined("meter records: ", new Account(5_000_000, 2_000_000, 9, "0d", CHAIN, NOW));
    ByteVector32 other = ByteVector32.fromValidHex("07".repeat(32));
    assertDeclined("channel: ", new Account(5_000_000, 2_000_000, 9, "0c", other, NOW));
  }

  /** A wrong clock is not for ever: the pile proposes a time that the driver believes. */
  @Test
  void aTimeThatIsNotBelievedIsNotFinal() {
    for (Instant wrong : List.of(NOW.plusSeconds(3600), NOW.minusSeconds(7200))) {
      Account mistaken = new Account(5_000_000, 2_000_000, 9, "0c", CHAIN, wrong);
      var mistimed =
          assertInstanceOf(NotaryAnswer.Mistimed.class, countersign(ACCOUNT, proposal(mistaken)));
      assertTrue(mistimed.reason().startsWith("time: "), mistimed.reason());
      var anew =
          assertInstanceOf(
              NotaryAnswer.Signed.class,
              PILES.answer(
                  new NotaryTask.Sign(mistaken.with(DRIVER, DRIVER_NODE), true),
                  NOW.plusSeconds(60)));
      assertInstanceOf(NotaryAnswer.Countersigned.class, countersign(ACCOUNT, anew.proposal()));
    }
  }

  private static void assertDeclined(String field, Account proposed) {
    var declined =
        assertInstanceOf(NotaryAnswer.Declined.class, countersign(ACCOUNT, proposal(proposed)));
    assertTrue(declined.reason().startsWith(field), declined.reason());
  }

  @Test
  void aSettlementOnAnotherChainIsAnother() {
    Clerk elsewhere = Registry.TRUSTED.clerk(PILE, ByteVector32.fromValidHex("09".repeat(32)));
    var signed =
        assertInstanceOf(
            NotaryAnswer.Signed.class,
            elsewhere.answer(new NotaryTask.Sign(ACCOUNT.with(DRIVER, DRIVER_NODE), false), NOW));
    var declined =
        assertInstanceOf(NotaryAnswer.Declined.class, countersign(ACCOUNT, signed.proposal()));
    assertTrue(declined.reason().startsWith("ledger: "), declined.reason());
  }

  /** P1-14: what was received is verified before anything is added. */
  @Test
  void aSignatureThatIsNotThePilesIsNotSignedOn() {
    Pending.Proposal right = proposal(ACCOUNT);
    Pending.Proposal other = proposal(new Account(4_000_000, 1_600_000, 9, "0c", CHAIN, NOW));
    var swapped = new Pending.Proposal(right.settlement(), other.signature());
    assertInstanceOf(NotaryAnswer.Declined.class, countersign(ACCOUNT, swapped));
    var noPoint = new Pending.Proposal(right.settlement(), new ByteVector("ff".repeat(48)));
    assertInstanceOf(NotaryAnswer.Declined.class, countersign(ACCOUNT, noPoint));
    var infinity = new Pending.Proposal(right.settlement(), new ByteVector("c0" + "00".repeat(47)));
    assertInstanceOf(NotaryAnswer.Declined.class, countersign(ACCOUNT, infinity));
  }

  @Test
  void thePileKeepsNothingThatIsNotSignedByBoth() {
    Pending.Proposal proposal = proposal(ACCOUNT);
    Pending proposed = ACCOUNT.with(DRIVER, DRIVER_NODE).with(proposal);
    assertInstanceOf(
        NotaryAnswer.Declined.class,
        PILES.answer(new NotaryTask.Verify(proposed, proposal.signature()), NOW));
  }

  private static void assertGivenUp(NotaryAnswer answer) {
    var given = assertInstanceOf(NotaryAnswer.GivenUp.class, answer);
    assertTrue(given.reason().contains("another identity key"), given.reason());
  }

  /** A certificate was issued anew, for another key, before anything was signed. */
  @Test
  void whatWasAgreedToWithAnotherKeyIsGivenUp() {
    assertGivenUp(
        other(PILE).answer(new NotaryTask.Sign(ACCOUNT.with(DRIVER, DRIVER_NODE), false), NOW));
    assertGivenUp(
        other(DRIVER)
            .answer(
                new NotaryTask.Countersign(ACCOUNT.with(PILE, PILE_NODE), proposal(ACCOUNT)), NOW));
  }

  /** The clerk of a party whose key is another now. */
  private static Clerk other(Registry.Party party) {
    Registry.Party renewed = Registry.TRUSTED.renewed(party);
    assertNotEquals(party.key().publicKey(), renewed.key().publicKey());
    return Registry.TRUSTED.clerk(renewed, CHAIN);
  }

  /** What the pile has signed it still verifies when it has another certificate. */
  @Test
  void aSettlementUnderWayOutlivesTheOwnCertificate() {
    Pending.Proposal proposal = proposal(ACCOUNT);
    var both = assertInstanceOf(NotaryAnswer.Countersigned.class, countersign(ACCOUNT, proposal));
    Pending proposed = ACCOUNT.with(DRIVER, DRIVER_NODE).with(proposal);
    var verified =
        assertInstanceOf(
            NotaryAnswer.Verified.class,
            other(PILE).answer(new NotaryTask.Verify(proposed, both.signature()), NOW));
    assertEquals(both.file(), verified.file());
  }

  @Test
  void energyPaidAheadWasNotSold() {
    Account ahead = new Account(5_100_000, 2_040_000, 9, "0c", CHAIN, NOW);
    var both =
        assertInstanceOf(NotaryAnswer.Countersigned.class, countersign(ahead, proposal(ahead)));
    SignedSettlement signed = SignedSettlement.decode(both.file(), Registry.PAIRING);
    assertEquals(5_000_000, signed.terms().sold().energy().value());
    assertEquals(2_040_000, signed.terms().sold().amount().value());
  }

  @Test
  void certificatesAreGoodForTheirTimeTheirKeyAndWhileTheyAreNotRevoked() {
    NotaryTask shown = new NotaryTask.Check(DRIVER_NODE, DRIVER.shown(), false);
    var good = assertInstanceOf(PeerIdentity.Certified.class, identity(PILES, shown, NOW));
    assertEquals("driver-a", good.name());
    var late = assertInstanceOf(PeerIdentity.Refused.class, identity(PILES, shown, Registry.UNTIL));
    assertTrue(late.reason().contains("it was valid until"), late.reason());
    Clerk strict = Registry.TRUSTED.clerk(PILE, CHAIN, Registry.TRUSTED.revoked(DRIVER));
    var void_ = assertInstanceOf(PeerIdentity.Refused.class, identity(strict, shown, NOW));
    assertTrue(void_.reason().contains("it is revoked since"), void_.reason());
    NotaryTask damaged = new NotaryTask.Check(DRIVER_NODE, new ByteVector("43504354310102"), false);
    assertInstanceOf(PeerIdentity.Refused.class, identity(PILES, damaged, NOW));
    NotaryTask mirrored = new NotaryTask.Check(PILE_NODE, PILE.shown(), true);
    assertInstanceOf(PeerIdentity.Refused.class, identity(PILES, mirrored, NOW));
  }

  private static PeerIdentity identity(Clerk clerk, NotaryTask task, Instant at) {
    return assertInstanceOf(NotaryAnswer.Identified.class, clerk.answer(task, at)).identity();
  }
}
