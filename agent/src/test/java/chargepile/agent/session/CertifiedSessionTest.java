package chargepile.agent.session;

import static chargepile.agent.session.SessionWorld.DRIVER;
import static chargepile.agent.session.SessionWorld.PILE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.MeterKey;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.identity.SettlementCertificate;
import chargepile.agent.identity.SignedSettlement;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.Registry;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who charges with whom, and what both sign at the end (P1-33). */
class CertifiedSessionTest {
  static final Duration HOUR = Duration.ofHours(1);
  static final ByteVector32 CHAIN = SessionWorld.seed("chain");
  static final PublicKey METER =
      SessionWorld.SIGNER.publicKey(MeterKey.derive(SessionWorld.seed("pile")));
  private static final PublicKey STRANGER =
      SessionWorld.SIGNER.publicKey(new PrivateKey(SessionWorld.seed("stranger")));

  static final Registry.Party THE_PILE =
      Registry.TRUSTED.pile("pile-1", SessionWorld.PILE_NODE, Optional.of(METER), 22_000);
  static final Registry.Party THE_DRIVER = Registry.TRUSTED.driver("driver-1", PileSide.DRIVER);

  static Optional<Office> office(IdentityPolicy policy, Registry.Party party) {
    return Optional.of(new Office(policy, party.shown(), Registry.TRUSTED.clerk(party, CHAIN)));
  }

  static SessionWorld world(Optional<Office> pile, Optional<Office> driver) {
    return new SessionWorld(PILE, DRIVER, pile, driver);
  }

  static SessionWorld required(Registry.Party pile, Registry.Party driver) {
    return world(office(IdentityPolicy.REQUIRED, pile), office(IdentityPolicy.REQUIRED, driver));
  }

  static void charge(SessionWorld world, int updates) {
    world.open().meter.power(11_000);
    world.runUntil(() -> world.pile.session().updates() == updates, HOUR);
    world.pile.plug(false);
    world.runUntil(world.pile::isEnded, HOUR);
  }

  static SignedSettlement only(List<SignedSettlement> settlements) {
    assertEquals(1, settlements.size());
    return settlements.getFirst();
  }

  static void assertSettled(SessionWorld world, Direction direction) {
    SignedSettlement kept = only(world.pile.settlements);
    assertEquals(kept, only(world.driver.settlements));
    assertEquals(
        Optional.empty(),
        kept.verify(Registry.TRUSTED.check().parameters(), Optional.empty(), Registry.PAIRING));
    SettlementCertificate terms = kept.terms();
    Receipt pile = receipt(world.pile.receipts, terms);
    Receipt driver = receipt(world.driver.receipts, terms);
    SessionTotals.Total paid = driver.paid().total(direction);
    assertEquals(pile.paid(), driver.paid());
    assertEquals(paid.energy(), terms.sold().energy());
    assertEquals(paid.amount(), terms.sold().amount());
    assertEquals(
        pile.summary().orElseThrow().delivered(direction),
        terms.meterEnd().minus(terms.meterStart()));
    assertEquals(new ByteVector32(Crypto.sha256(driver.meterRecord())), terms.meterRoot());
    assertEquals(pile.commitment(), terms.finalCommitment());
    assertEquals(pile.channel(), terms.channel());
    assertFalse(world.pile.state.notary().isPending(terms.session()));
    assertFalse(world.driver.state.notary().isPending(terms.session()));
  }

  private static Receipt receipt(List<Receipt> receipts, SettlementCertificate terms) {
    return receipts.stream()
        .filter(receipt -> receipt.paid().session().equals(terms.session()))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void bothSignWhatTheSessionCameTo(TestLedger.Kind ledger) {
    try (SessionWorld world =
        new SessionWorld(
            ledger,
            PILE,
            DRIVER,
            office(IdentityPolicy.REQUIRED, THE_PILE),
            office(IdentityPolicy.REQUIRED, THE_DRIVER))) {
      charge(world, 3);
      assertEquals(List.of(), world.pile.settlements, "nothing waits for a signature");
      world.run(Duration.ofSeconds(5));
      assertSettled(world, Direction.IMPORT);
      SettlementCertificate terms = world.pile.settlements.getFirst().terms();
      assertEquals("pile-1", terms.seller().value());
      assertEquals("driver-1", terms.buyer().value());
      assertEquals(1, world.driver.told(DriverNotice.SettlementSigned.class).size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCarThatFeedsIsTheSeller(TestLedger.Kind ledger) {
    PileSettings both =
        new PileSettings(
            PILE.meter(),
            PILE.plausibility(),
            PILE.tariff(),
            PILE.exposure(),
            EnumSet.allOf(Direction.class),
            PILE.switching(),
            PILE.peerTimeout(),
            PILE.offerTimeout(),
            PILE.closeTimeout(),
            PILE.storeEvery(),
            PILE.storeEveryEnergy(),
            true,
            true);
    DriverPolicy generous =
        new DriverPolicy(
            DRIVER.highestPrice(),
            DRIVER.highestMinutePrice(),
            DRIVER.lowestPrice(),
            DRIVER.largestIncrement(),
            DRIVER.directions(),
            DRIVER.limits(),
            DRIVER.tolerance(),
            Optional.of(
                new DriverPolicy.Funding(
                    new Satoshi(100_000), new Amount(50_000_000), new Feerate(500))),
            DRIVER.closeTimeout(),
            DRIVER.pileTimeout());
    try (SessionWorld world =
        new SessionWorld(
            ledger,
            both,
            generous,
            office(IdentityPolicy.REQUIRED, THE_PILE),
            office(IdentityPolicy.PREFERRED, THE_DRIVER))) {
      world.open().meter.power(-7_000);
      world.runUntil(() -> world.pile.session().updates() == 2, HOUR);
      world.pile.command(new OperatorCommand.Stop("closing time"));
      world.runUntil(world.pile::isEnded, HOUR);
      world.run(Duration.ofSeconds(5));
      assertSettled(world, Direction.EXPORT);
      assertEquals("driver-1", world.pile.settlements.getFirst().terms().seller().value());
    }
  }

  /** Neither contactor, payments, the channel's end nor the next session waits for a signature. */
  @Test
  void aClerkThatTakesAnHourDelaysNothingElse() {
    Office slow =
        new Office(
            IdentityPolicy.REQUIRED,
            THE_PILE.shown(),
            Registry.TRUSTED.clerk(THE_PILE, CHAIN),
            task -> task instanceof NotaryTask.Check ? Office.WORK : HOUR);
    try (SessionWorld world =
        world(Optional.of(slow), office(IdentityPolicy.REQUIRED, THE_DRIVER))) {
      charge(world, 2);
      world.run(Duration.ofSeconds(5));
      assertFalse(world.meter.isCommandedClosed());
      world.mine(4);
      assertTrue(world.pile.state.leg(PileSide.DRIVER).isClosed());
      world.driver.command(new DriverCommand.OpenChannel());
      world.run(Duration.ofSeconds(1));
      world.mine(1);
      world.pile.plug(true);
      world.meter.power(11_000);
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      assertEquals(List.of(), world.pile.settlements);
      assertEquals(1, world.pile.session().updates());
      world.runUntil(() -> !world.pile.settlements.isEmpty(), HOUR.multipliedBy(3));
      assertEquals(world.pile.settlements.getFirst(), world.driver.settlements.getFirst());
    }
  }

  /** The link is cut, and one side killed, at every step of the way. */
  @Test
  void killedAtAnyTimeBothEndWithTheSameCertificate() {
    for (int after : new int[] {0, 65, 115, 175}) {
      for (boolean pile : new boolean[] {true, false}) {
        try (SessionWorld world = required(THE_PILE, THE_DRIVER)) {
          charge(world, 1);
          world.run(Duration.ofMillis(after));
          if (pile) {
            world.pile.restart();
            world.pile.plug(false);
          } else {
            world.driver.restart();
          }
          world.run(Duration.ofSeconds(1));
          world.connect();
          world.run(Duration.ofSeconds(10));
          assertSettled(world, Direction.IMPORT);
        }
      }
    }
  }

  @Test
  void aDriverThatComesBackWhenTheChannelIsLongSettledStillSigns() {
    try (SessionWorld world = required(THE_PILE, THE_DRIVER)) {
      charge(world, 1);
      world.disconnect();
      world.pile.command(new OperatorCommand.ForceCloseChannel(PileSide.DRIVER, "nobody answers"));
      world.mine(80);
      assertTrue(world.pile.state.leg(PileSide.DRIVER).isClosed());
      world.connect();
      world.run(Duration.ofSeconds(10));
      assertEquals(only(world.pile.settlements), only(world.driver.settlements));
    }
  }

  @Test
  void whoIsNotCertifiedGetsNoChannelWhereThatIsRequiredAndHearsWhy() {
    try (SessionWorld world = world(office(IdentityPolicy.REQUIRED, THE_PILE), Optional.empty())) {
      world.open().meter.power(11_000);
      world.run(Duration.ofSeconds(30));
      assertTrue(world.pile.state.session().isEmpty());
      assertEquals(
          new DriverNotice.NotAdmitted("no certificate is shown"),
          world.driver.told(DriverNotice.NotAdmitted.class).getFirst());
      assertTrue(
          world.pile.alerts.contains(
              "no channel with driver %s: no certificate is shown".formatted(PileSide.DRIVER)),
          world.pile.alerts::toString);
    }
  }

  @Test
  void whoPrefersCertificatesChargesWithoutThem() {
    try (SessionWorld world = world(office(IdentityPolicy.PREFERRED, THE_PILE), Optional.empty())) {
      charge(world, 1);
      world.run(Duration.ofSeconds(5));
      assertEquals(List.of(), world.pile.settlements);
      assertTrue(
          world.pile.alerts.contains(
              "driver %s is not certified: no certificate is shown".formatted(PileSide.DRIVER)),
          world.pile.alerts::toString);
    }
    try (SessionWorld world =
        world(Optional.empty(), office(IdentityPolicy.PREFERRED, THE_DRIVER))) {
      charge(world, 1);
      assertEquals(
          List.of(new DriverNotice.PileNotCertified("no certificate is shown", false)),
          world.driver.told(DriverNotice.PileNotCertified.class));
    }
  }

  @Test
  void aDriverThatRequiresCertificatesPutsNoMoneyIntoAChannelWithoutOne() {
    try (SessionWorld world =
        world(Optional.empty(), office(IdentityPolicy.REQUIRED, THE_DRIVER))) {
      world.open();
      world.run(Duration.ofSeconds(15));
      assertEquals(PaymentLeg.Life.ABSENT, world.driver.state.channel().leg().life());
      assertEquals(
          List.of(new DriverNotice.PileNotCertified("no certificate is shown", true)),
          world.driver.told(DriverNotice.PileNotCertified.class));
      assertTrue(world.pile.state.session().isEmpty());
    }
  }

  /** As a man in the middle has it: a true certificate, and a key of his own. */
  @Test
  void aCertificateForAnotherNodeKeyIsRefused() {
    Registry.Party other = Registry.TRUSTED.driver("driver-2", STRANGER);
    try (SessionWorld world = required(THE_PILE, other)) {
      world.open().meter.power(11_000);
      world.run(Duration.ofSeconds(30));
      assertTrue(world.pile.state.session().isEmpty());
      assertRefusedFor(world, "it is for the node key");
    }
    Registry.Party pile = Registry.TRUSTED.pile("pile-2", STRANGER, Optional.of(METER), 22_000);
    try (SessionWorld world = required(pile, THE_DRIVER)) {
      world.open();
      world.run(Duration.ofSeconds(10));
      String reason = world.driver.told(DriverNotice.PileNotCertified.class).getFirst().reason();
      assertTrue(reason.contains("it is for the node key"), reason);
      assertTrue(world.pile.state.session().isEmpty());
    }
  }

  @Test
  void aPilesCertificateIsNoDriversAndAForeignCentreIsNotTrusted() {
    Registry.Party pile =
        Registry.TRUSTED.pile("pile-3", PileSide.DRIVER, Optional.empty(), 22_000);
    try (SessionWorld world = required(THE_PILE, pile)) {
      world.open();
      world.run(Duration.ofSeconds(5));
      assertRefusedFor(world, "where a USER is needed");
    }
    Registry.Party foreign = Registry.FOREIGN.driver("driver-1", PileSide.DRIVER);
    try (SessionWorld world = required(THE_PILE, foreign)) {
      world.open();
      world.run(Duration.ofSeconds(5));
      assertRefusedFor(world, "it is from the key generation centre");
    }
  }

  private static void assertRefusedFor(SessionWorld world, String why) {
    assertTrue(
        world.pile.alerts.stream().anyMatch(text -> text.contains(why)),
        world.pile.alerts::toString);
    assertTrue(world.driver.told(DriverNotice.NotAdmitted.class).getFirst().text().contains(why));
  }

  @Test
  void aPileWithMorePowerThanItIsCertifiedForIsRefused() {
    Registry.Party weak =
        Registry.TRUSTED.pile("pile-4", SessionWorld.PILE_NODE, Optional.of(METER), 11_000);
    assertOfferRefused(weak, "the pile offers 22000 W and is certified for 11000 W");
  }

  @Test
  void aPileWithAnotherMeterThanItIsCertifiedForIsRefused() {
    Registry.Party other =
        Registry.TRUSTED.pile("pile-5", SessionWorld.PILE_NODE, Optional.of(STRANGER), 22_000);
    assertOfferRefused(
        other,
        "the pile's meter key is %s, and it is certified for %s"
            .formatted(METER.toHex(), STRANGER.toHex()));
  }

  private static void assertOfferRefused(Registry.Party pile, String why) {
    try (SessionWorld world =
        world(
            office(IdentityPolicy.REQUIRED, pile), office(IdentityPolicy.PREFERRED, THE_DRIVER))) {
      world.open();
      world.run(Duration.ofSeconds(10));
      assertTrue(world.pile.state.session().isEmpty());
      assertEquals(why, world.driver.told(DriverNotice.OfferRefused.class).getFirst().text());
    }
  }

  @Test
  void whatNobodyPaidForNobodySigns() {
    try (SessionWorld world = required(THE_PILE, THE_DRIVER)) {
      world.open();
      world.run(Duration.ofSeconds(10));
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      world.run(Duration.ofSeconds(5));
      assertEquals(MilliWattHours.ZERO, world.pile.paid().imported().energy());
      assertEquals(List.of(), world.pile.settlements);
      assertEquals(List.of(), world.pile.state.notary().pending());
      assertEquals(List.of(), world.driver.state.notary().pending());
    }
  }
}
