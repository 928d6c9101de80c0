package chargepile.agent.session;

import static chargepile.agent.session.CertifiedSessionTest.CHAIN;
import static chargepile.agent.session.CertifiedSessionTest.HOUR;
import static chargepile.agent.session.CertifiedSessionTest.THE_DRIVER;
import static chargepile.agent.session.CertifiedSessionTest.THE_PILE;
import static chargepile.agent.session.CertifiedSessionTest.assertSettled;
import static chargepile.agent.session.CertifiedSessionTest.charge;
import static chargepile.agent.session.CertifiedSessionTest.office;
import static chargepile.agent.session.CertifiedSessionTest.only;
import static chargepile.agent.session.CertifiedSessionTest.required;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.identity.SignedSettlement;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.Registry;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Sessions of certified parties at whose end something is wrong: both hear of it (P1-33). */
class UnsettledSessionTest {
  private static final MilliWattHours MOST = new MilliWattHours(Long.MAX_VALUE);

  private static final Registry.Party METERLESS =
      Registry.TRUSTED.pile("pile-m", SessionWorld.PILE_NODE, Optional.empty(), 22_000);

  /** A pile that says its meter signs nothing, and that its registers began at {@code start}. */
  private static PeerMessage unsigned(PeerMessage said, MilliWattHours start) {
    return said instanceof PeerMessage.OfSession(SessionOffer offer)
        ? new PeerMessage.OfSession(
            new SessionOffer(
                offer.sessionId(),
                offer.tariff(),
                offer.increment(),
                offer.credit(),
                offer.directions(),
                start,
                start,
                offer.ratedPowerWatts()))
        : said;
  }

  private static PeerMessage delivered(
      PeerMessage said, Direction direction, UnaryOperator<MilliWattHours> told) {
    return said instanceof PeerMessage.OfSession(SessionSummary given)
        ? new PeerMessage.OfSession(
            new SessionSummary(
                given.sessionId(),
                given.reason(),
                given.paidImport(),
                given.paidExport(),
                direction == Direction.IMPORT
                    ? told.apply(given.importDelivered())
                    : given.importDelivered(),
                direction == Direction.EXPORT
                    ? told.apply(given.exportDelivered())
                    : given.exportDelivered(),
                given.receipt()))
        : said;
  }

  private static DriverNotice.SettlementNotSigned assertUnsettled(SessionWorld world) {
    world.run(Duration.ofSeconds(5));
    assertTrue(world.driver.state.notary().engagement().isEmpty());
    assertEquals(List.of(), world.driver.state.notary().pending());
    assertEquals(List.of(), world.driver.settlements);
    assertEquals(List.of(), world.pile.settlements);
    return world.driver.told(DriverNotice.SettlementNotSigned.class).getFirst();
  }

  @Test
  void noAccountOfAPileIsMoreThanADriverCanBear() {
    for (Direction direction : Direction.values()) {
      for (MilliWattHours start : List.of(new MilliWattHours(1), MOST)) {
        try (SessionWorld world = required(METERLESS, THE_DRIVER)) {
          world.forge = said -> delivered(unsigned(said, start), direction, _ -> MOST);
          charge(world, 1);
          assertUnsettled(world);
          SessionTotals paid = world.driver.receipts.getFirst().paid();
          assertTrue(paid.imported().amount().value() > 0);
        }
      }
    }
  }

  @Test
  void aDriverSignsNothingThatTheMeterDidNot() {
    try (SessionWorld world = required(THE_PILE, THE_DRIVER)) {
      world.forge =
          said ->
              delivered(
                  said, Direction.IMPORT, energy -> energy.plus(MilliWattHours.ofWattHours(1)));
      charge(world, 1);
      String reason = assertUnsettled(world).reason();
      assertTrue(reason.contains("the receipt says"), reason);
    }
  }

  @Test
  void whereNoMeterSignsADriverSignsOnlyWhatCanBe() {
    try (SessionWorld world = required(METERLESS, THE_DRIVER)) {
      world.forge = said -> unsigned(said, MilliWattHours.ZERO);
      charge(world, 1);
      world.run(Duration.ofSeconds(5));
      assertSettled(world, Direction.IMPORT);
    }
    for (MilliWattHours told : List.of(MilliWattHours.ZERO, MilliWattHours.ofWattHours(5_000))) {
      try (SessionWorld world = required(METERLESS, THE_DRIVER)) {
        world.forge =
            said -> delivered(unsigned(said, MilliWattHours.ZERO), Direction.IMPORT, _ -> told);
        charge(world, 1);
        String reason = assertUnsettled(world).reason();
        assertTrue(reason.contains("are said to be delivered"), reason);
      }
    }
  }

  /** A pile that keeps its channels after a session, and while a driver is silent. */
  private static SessionWorld keeping(Function<NotaryTask, Duration> work) {
    PileSettings settings =
        new PileSettings(
            SessionWorld.PILE.meter(),
            SessionWorld.PILE.plausibility(),
            SessionWorld.PILE.tariff(),
            SessionWorld.PILE.exposure(),
            SessionWorld.PILE.directions(),
            SessionWorld.PILE.switching(),
            SessionWorld.PILE.peerTimeout(),
            SessionWorld.PILE.offerTimeout(),
            SessionWorld.PILE.closeTimeout(),
            SessionWorld.PILE.storeEvery(),
            SessionWorld.PILE.storeEveryEnergy(),
            false,
            false);
    Office pile =
        new Office(
            IdentityPolicy.REQUIRED,
            THE_PILE.shown(),
            Registry.TRUSTED.clerk(THE_PILE, CHAIN),
            work);
    return new SessionWorld(
        settings,
        SessionWorld.DRIVER,
        Optional.of(pile),
        office(IdentityPolicy.REQUIRED, THE_DRIVER));
  }

  private static SessionId chargeUntilLastClaim(SessionWorld world) {
    world.open().meter.power(11_000);
    world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
    world.run(Duration.ofSeconds(10));
    world.pile.plug(false);
    world.runUntil(
        () ->
            world.pile.session().phase() instanceof Phase.Settling
                && world.pile.state.leg(PileSide.DRIVER).isPending(),
        HOUR);
    return world.pile.session().id();
  }

  @Test
  void aCarThatComesBeforeTheLastSignatureTakesNoCertificateAway() {
    try (SessionWorld world = keeping(_ -> Office.WORK)) {
      SessionId first = chargeUntilLastClaim(world);
      world.pile.plug(true);
      world.run(Duration.ofSeconds(10));
      assertNotEquals(first, world.pile.session().id());
      SignedSettlement kept = only(world.pile.settlements);
      assertEquals(first, kept.terms().session());
      assertEquals(kept, only(world.driver.settlements));
    }
  }

  @Test
  void aCarThatComesWhileTheDriverIsSilentLeavesASettlementOrWordOfIt() {
    try (SessionWorld world = keeping(_ -> Office.WORK)) {
      SessionId first = chargeUntilLastClaim(world);
      world.disconnect();
      world.runUntil(world.pile::isEnded, HOUR);
      assertTrue(world.pile.state.leg(PileSide.DRIVER).isPending());
      world.pile.plug(true);
      assertTrue(world.pile.state.notary().isPending(first));
      world.connect();
      world.run(Duration.ofSeconds(10));
      assertFalse(world.pile.state.notary().isPending(first));
      assertTrue(
          world.pile.settlements.size() == 1
              || world.pile.alerts.stream().anyMatch(text -> text.contains(first.toString())),
          world.pile.alerts::toString);
      assertEquals(
          1,
          world.driver.settlements.size()
              + world.driver.told(DriverNotice.SettlementNotSigned.class).size());
    }
  }

  /** What the pile said is lost, the car is plugged in again, and the driver comes back. */
  private static SessionId loseTheSummary(SessionWorld world) {
    world.open().meter.power(11_000);
    world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
    world.forge =
        said -> {
          if (said instanceof PeerMessage.OfSession(SessionSummary _)) {
            world.after(Duration.ZERO, world::disconnect);
            world.forge = UnaryOperator.identity();
          }
          return said;
        };
    SessionId first = world.pile.session().id();
    world.meter.power(0);
    world.run(Duration.ofSeconds(5));
    world.pile.plug(false);
    world.runUntil(() -> !world.linked, HOUR);
    world.pile.plug(true);
    assertTrue(world.pile.state.session().isEmpty());
    world.connect();
    world.run(Duration.ofSeconds(5));
    assertNotEquals(first, world.pile.session().id());
    return first;
  }

  @Test
  void aDriverThatComesBackHearsHowTheLastSessionEndedBeforeItIsOfferedAnother() {
    try (SessionWorld world = keeping(_ -> Office.WORK)) {
      SessionId first = loseTheSummary(world);
      SignedSettlement kept = only(world.pile.settlements);
      assertEquals(first, kept.terms().session());
      assertEquals(kept, only(world.driver.settlements));
      world.meter.power(11_000);
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      world.run(Duration.ofSeconds(5));
      assertEquals(2, world.pile.settlements.size());
      assertEquals(world.pile.settlements, world.driver.settlements);
    }
  }

  @Test
  void theNextOfferWaitsForNoSignatureAndTheDriverStillHearsHowTheLastSessionEnded() {
    try (SessionWorld world =
        keeping(task -> task instanceof NotaryTask.Sign ? HOUR : Office.WORK)) {
      SessionId first = loseTheSummary(world);
      assertEquals(List.of(), world.pile.settlements);
      world.runUntil(() -> !world.pile.settlements.isEmpty(), HOUR.multipliedBy(2));
      SignedSettlement kept = only(world.pile.settlements);
      assertEquals(first, kept.terms().session());
      assertEquals(kept, only(world.driver.settlements));
    }
  }

  @Test
  void aClosingChannelsLastPaymentIsWaitedFor() {
    try (SessionWorld world = keeping(_ -> Office.WORK)) {
      world.open().meter.power(11_000);
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      world.runUntil(() -> world.pile.state.leg(PileSide.DRIVER).isPending(), HOUR);
      world.run(Duration.ofMillis(15));
      world.disconnect();
      world.pile.command(new OperatorCommand.CloseChannel(PileSide.DRIVER));
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(List.of(), world.pile.state.notary().pending(), "what is paid is not known");
      world.connect();
      world.run(Duration.ofSeconds(10));
      SignedSettlement kept = only(world.pile.settlements);
      assertEquals(kept, only(world.driver.settlements));
      assertEquals(world.driver.paid().imported().amount(), kept.terms().sold().amount());
    }
  }

  /** A claim that the driver has and the pile's signature for it not, and the link is cut. */
  private static SessionId cutAfterClaim(SessionWorld world, int updates) {
    world.open().meter.power(11_000);
    world.runUntil(
        () ->
            world.pile.state.session().filter(s -> s.updates() == updates).isPresent()
                && world.pile.state.leg(PileSide.DRIVER).isPending(),
        HOUR);
    world.run(Duration.ofMillis(15));
    world.disconnect();
    SessionId session = world.pile.session().id();
    assertTrue(
        world
                .driver
                .state
                .channel()
                .leg()
                .paid(session)
                .imported()
                .amount()
                .compareTo(world.pile.state.leg(PileSide.DRIVER).paid(session).imported().amount())
            > 0,
        "the driver has signed for more than the pile knows");
    return session;
  }

  @Test
  void whatThePileIsPaidByTheChainIsWhatBothSign() {
    for (boolean driverComesEarly : new boolean[] {true, false}) {
      try (SessionWorld world = required(THE_PILE, THE_DRIVER)) {
        SessionId session = cutAfterClaim(world, 1);
        world.runUntil(world.pile::isEnded, HOUR);
        assertEquals(PaymentLeg.Life.SETTLING, world.pile.state.leg(PileSide.DRIVER).life());
        if (driverComesEarly) {
          world.connect();
          world.run(Duration.ofSeconds(10));
          assertEquals(List.of(), world.pile.settlements, "the chain has not decided");
        }
        world.mine(80);
        world.connect();
        world.run(Duration.ofSeconds(10));
        SignedSettlement kept = only(world.pile.settlements);
        assertEquals(kept, only(world.driver.settlements));
        assertEquals(session, kept.terms().session());
        assertEquals(
            world.pile.receipts.getFirst().paid().imported().amount(),
            kept.terms().sold().amount());
        assertEquals(List.of(), world.driver.state.notary().pending());
      }
    }
  }

  @Test
  void whereThePileIsPaidNothingNothingIsWaitedFor() {
    for (boolean driverComesEarly : new boolean[] {true, false}) {
      try (SessionWorld world = required(THE_PILE, THE_DRIVER)) {
        SessionId session = cutAfterClaim(world, 0);
        world.runUntil(world.pile::isEnded, HOUR);
        if (driverComesEarly) {
          world.connect();
          world.run(Duration.ofSeconds(10));
        }
        world.mine(80);
        world.connect();
        world.run(Duration.ofSeconds(10));
        assertEquals(List.of(), world.driver.state.notary().pending());
        assertEquals(List.of(), world.pile.state.notary().pending());
        assertEquals(List.of(), world.driver.settlements);
        assertFalse(world.pile.state.notary().isPending(session));
      }
    }
  }

  @Test
  void aPaymentThatComesToPassAfterTheSessionIsForgottenIsSignedToo() {
    for (int updates : new int[] {0, 1}) {
      try (SessionWorld world = keeping(_ -> Office.WORK)) {
        SessionId first = cutAfterClaim(world, updates);
        world.pile.plug(false);
        world.runUntil(world.pile::isEnded, HOUR);
        world.pile.plug(true);
        assertTrue(world.pile.state.notary().isPending(first));
        world.connect();
        world.run(Duration.ofSeconds(10));
        SignedSettlement kept = world.pile.settlements.getFirst();
        assertEquals(first, kept.terms().session());
        assertEquals(kept, world.driver.settlements.getFirst());
        assertFalse(world.pile.state.notary().isPending(first));
        assertFalse(world.driver.state.notary().isPending(first));
      }
    }
  }
}
