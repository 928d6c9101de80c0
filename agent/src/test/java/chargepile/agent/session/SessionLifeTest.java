package chargepile.agent.session;

import static chargepile.agent.session.SessionWorld.DRIVER;
import static chargepile.agent.session.SessionWorld.PILE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.PileFault;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A session from plug to settlement, between two real channels on either ledger. */
class SessionLifeTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @EnumSource
  void tenIncrementsAreChargedPaidAndSettledTogether(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 10, HOUR);
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);

      assertEquals(StopReason.UNPLUGGED, world.pile.reason());
      assertFalse(world.meter.isCommandedClosed());
      assertTrue(world.pile.delivered(Direction.IMPORT).value() >= 1_000_000);
      assertPaidInFull(world);
      assertEquals(1, world.pile.closings, "paid in time, so the contactor never opens between");
      assertTrue(world.pile.session().maxUnpaid().value() <= 100_000);

      world.run(Duration.ofSeconds(5));
      assertEquals(world.pile.paid(), world.driver.paid());
      assertEquals(1, world.driver.told(DriverNotice.SessionEnded.class).size());
      Receipt receipt = onlyReceipt(world);
      assertEquals(world.pile.paid(), receipt.paid());
      assertEquals(StopReason.UNPLUGGED, receipt.reason());
      assertEquals(
          world.pile.delivered(Direction.IMPORT),
          receipt.summary().orElseThrow().importDelivered());
      assertTrue(receipt.commitment() >= 10);
      world.mine(4);
      assertEquals(LegOutcome.COOPERATIVE_CLOSE, outcome(world));
      assertTrue(world.pile.state.leg(PileSide.DRIVER).isClosed());
      assertEquals(
          world.ledger.whole(world.pile.paid().imported().amount()), world.ledger.received("pile"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void prepaidEnergyFlowsOnlyAfterItsPaymentAndWhatIsLeftIsGivenBack(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, with(PILE, new Exposure(wh(100), wh(0))), DRIVER)) {
      assertFalse(world.meter.isCommandedClosed());
      world.runUntil(world.meter::isCommandedClosed, HOUR);
      assertEquals(wh(100), world.pile.paid().imported().energy());
      world.runUntil(() -> world.pile.delivered(Direction.IMPORT).compareTo(wh(350)) >= 0, HOUR);
      assertEquals(wh(0), world.pile.session().maxUnpaid());
      world.driver.command(new DriverCommand.Stop());
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.DRIVER_STOPPED, world.pile.reason());
      assertTrue(world.pile.delivered(Direction.IMPORT).compareTo(wh(355)) <= 0);
      assertPaidInFull(world);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCarThatFeedsIsPaidByThePile(TestLedger.Kind ledger) {
    PileSettings both = with(PILE, EnumSet.allOf(Direction.class));
    DriverPolicy generous =
        with(DRIVER, new DriverPolicy.Funding(sat(100_000), new Amount(50_000_000), rate()));
    try (SessionWorld world = new SessionWorld(ledger, both, generous).open()) {
      world.meter.power(-7_000);
      world.runUntil(() -> world.pile.session().updates() == 3, HOUR);
      world.pile.command(new OperatorCommand.Stop("closing time"));
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.OPERATOR_STOPPED, world.pile.reason());
      MilliWattHours delivered = world.pile.delivered(Direction.EXPORT);
      assertTrue(delivered.compareTo(wh(300)) >= 0);
      assertEquals(delivered, world.driver.paid().exported().energy());
      assertEquals(
          delivered.value() * 150_000 / 1_000_000, world.driver.paid().exported().amount().value());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTariffAboveThePolicyIsNotTaken(TestLedger.Kind ledger) {
    DriverPolicy poor =
        new DriverPolicy(
            new Amount(399_999),
            Amount.ZERO,
            Amount.ZERO,
            wh(1000),
            Set.of(Direction.IMPORT),
            Limits.NONE,
            wh(10),
            DRIVER.funding(),
            HOUR,
            HOUR);
    try (SessionWorld world = charging(ledger, PILE, poor)) {
      world.run(Duration.ofSeconds(10));
      assertTrue(world.pile.state.session().isEmpty());
      assertEquals(1, world.driver.told(DriverNotice.OfferRefused.class).size());
      world.disconnect();
      world.connect();
      world.run(Duration.ofSeconds(10));
      assertEquals(
          2,
          world.driver.told(DriverNotice.OfferRefused.class).size(),
          "who comes again may have thought better of it");
      assertTrue(
          world.pile.alerts.stream().anyMatch(text -> text.contains("above the")),
          () -> world.pile.alerts.toString());
      assertEquals(0, world.pile.closings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theEnergyLimitIsMetToThePulse(TestLedger.Kind ledger) {
    Limits limits = new Limits(wh(250), Limits.NONE.money(), 22_000, Duration.ofHours(9));
    try (SessionWorld world = charging(ledger, PILE, with(DRIVER, limits))) {
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.ENERGY_LIMIT, world.pile.reason());
      assertEquals(wh(250), world.pile.delivered(Direction.IMPORT));
      assertPaidInFull(world);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theMoneyLimitIsNotExceeded(TestLedger.Kind ledger) {
    Limits limits =
        new Limits(Limits.NONE.energy(), new Amount(100_100), 22_000, Duration.ofHours(9));
    try (SessionWorld world = charging(ledger, PILE, with(DRIVER, limits))) {
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.MONEY_LIMIT, world.pile.reason());
      assertEquals(wh(250), world.pile.delivered(Direction.IMPORT));
      assertPaidInFull(world);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTimeLimitEndsTheSession(TestLedger.Kind ledger) {
    Limits limits =
        new Limits(Limits.NONE.energy(), Limits.NONE.money(), 22_000, Duration.ofMinutes(2));
    try (SessionWorld world = charging(ledger, PILE, with(DRIVER, limits))) {
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.TIME_LIMIT, world.pile.reason());
      assertPaidInFull(world);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyChannelEndsTheSessionBeforeAnythingGoesUnpaid(TestLedger.Kind ledger) {
    DriverPolicy small =
        with(DRIVER, new DriverPolicy.Funding(sat(20_000), new Amount(18_200_000), rate()));
    try (SessionWorld world = charging(ledger, PILE, small)) {
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.BALANCE_EXHAUSTED, world.pile.reason());
      assertTrue(world.pile.delivered(Direction.IMPORT).value() > 0);
      assertPaidInFull(world);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDriverThatVanishesGetsTheCreditAndNoMore(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 3, HOUR);
      world.disconnect();
      world.runUntil(() -> !world.meter.isCommandedClosed(), HOUR);
      MilliWattHours paid = world.pile.paid().imported().energy();
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.PEER_SILENT, world.pile.reason());
      assertEquals(paid.plus(wh(100)), world.pile.delivered(Direction.IMPORT));
      assertTrue(world.pile.closesAlone);
      world.mine(1);
      assertEquals(PaymentLeg.Life.SETTLING, world.pile.state.leg(PileSide.DRIVER).life());
      world.mine(200);
      Receipt receipt = onlyReceipt(world);
      assertEquals(paid, receipt.paid().imported().energy());
      assertEquals(Optional.empty(), receipt.summary(), "the pile never gave its account");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDriverThatSignsNothingIsTreatedAsGone(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      world.driver.mute = true;
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.PEER_SILENT, world.pile.reason());
      assertTrue(world.pile.session().maxUnpaid().compareTo(wh(100)) <= 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRestartedPileGoesOnFromItsRegisters(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 2, HOUR);
      MilliWattHours before = world.pile.delivered(Direction.IMPORT);
      world.pile.restart();
      assertFalse(world.meter.isCommandedClosed());
      assertEquals(before, world.pile.delivered(Direction.IMPORT));
      world.run(Duration.ofSeconds(3));
      world.connect();
      world.runUntil(() -> world.pile.session().updates() == 4, HOUR);
      assertEquals(1, world.driver.told(DriverNotice.OfferAccepted.class).size());
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      assertPaidInFull(world);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRestartedDriverGoesOnToo(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 2, HOUR);
      world.driver.restart();
      world.run(Duration.ofSeconds(3));
      world.connect();
      world.runUntil(() -> world.pile.session().updates() == 4, HOUR);
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      assertPaidInFull(world);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOperatorPausesAndResumes(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      world.pile.command(new OperatorCommand.Pause());
      assertFalse(world.meter.isCommandedClosed());
      world.run(Duration.ofMinutes(10));
      assertEquals(new Phase.Paused(Phase.Cause.OPERATOR), world.pile.session().phase());
      world.pile.command(new OperatorCommand.Resume());
      world.run(Duration.ofSeconds(10));
      assertTrue(world.meter.isCommandedClosed());
      world.pile.command(new OperatorCommand.Resume());
      assertEquals("no session is paused by the operator", world.pile.answers.getLast().text());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWeldedContactorIsAFaultThatStaysUntilCleared(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      world.meter.welded = true;
      world.pile.command(new OperatorCommand.Pause());
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.FAULT, world.pile.reason());
      assertEquals(Set.of(PileFault.WELDED_CONTACTOR), world.pile.state.faults());
      world.pile.command(new OperatorCommand.Start());
      assertFalse(world.pile.answers.getLast().done());
      world.pile.command(new OperatorCommand.ClearFaults());
      assertTrue(world.pile.state.faults().isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSecondSessionUsesTheSameChannelWhenItStaysOpen(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, staying(PILE), DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 2, HOUR);
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      var first = world.pile.session().id();
      world.run(Duration.ofMinutes(1));
      world.pile.plug(true);
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      assertFalse(first.equals(world.pile.session().id()));
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      assertPaidInFull(world);
      assertTrue(world.pile.state.leg(PileSide.DRIVER).isUsable());
    }
  }

  static SessionWorld charging(PileSettings settings, DriverPolicy policy) {
    return charging(TestLedger.Kind.BITCOIN, settings, policy);
  }

  static SessionWorld charging(TestLedger.Kind ledger, PileSettings settings, DriverPolicy policy) {
    SessionWorld world = new SessionWorld(ledger, settings, policy).open();
    world.meter.power(11_000);
    return world;
  }

  private static Receipt onlyReceipt(SessionWorld world) {
    assertEquals(1, world.driver.receipts.size());
    return world.driver.receipts.getFirst();
  }

  static void assertPaidInFull(SessionWorld world) {
    MilliWattHours delivered = world.pile.delivered(Direction.IMPORT);
    assertEquals(delivered, world.pile.paid().imported().energy());
    assertEquals(
        delivered.value() * 400_000 / 1_000_000, world.pile.paid().imported().amount().value());
  }

  static LegOutcome outcome(SessionWorld world) {
    return world.driver.told(DriverNotice.ChannelClosed.class).getFirst().outcome();
  }

  static MilliWattHours wh(long wattHours) {
    return MilliWattHours.ofWattHours(wattHours);
  }

  private static Satoshi sat(long satoshi) {
    return new Satoshi(satoshi);
  }

  private static Feerate rate() {
    return new Feerate(500);
  }

  static PileSettings with(PileSettings s, Exposure exposure) {
    return new PileSettings(
        s.meter(),
        s.plausibility(),
        s.tariff(),
        exposure,
        s.directions(),
        s.switching(),
        s.peerTimeout(),
        s.offerTimeout(),
        s.closeTimeout(),
        s.storeEvery(),
        s.storeEveryEnergy(),
        s.closeAfterSession(),
        s.closeWhenSilent());
  }

  static PileSettings with(PileSettings s, Set<Direction> directions) {
    return new PileSettings(
        s.meter(),
        s.plausibility(),
        s.tariff(),
        s.exposure(),
        directions,
        s.switching(),
        s.peerTimeout(),
        s.offerTimeout(),
        s.closeTimeout(),
        s.storeEvery(),
        s.storeEveryEnergy(),
        s.closeAfterSession(),
        s.closeWhenSilent());
  }

  static PileSettings staying(PileSettings s) {
    return new PileSettings(
        s.meter(),
        s.plausibility(),
        s.tariff(),
        s.exposure(),
        s.directions(),
        s.switching(),
        s.peerTimeout(),
        s.offerTimeout(),
        s.closeTimeout(),
        s.storeEvery(),
        s.storeEveryEnergy(),
        false,
        s.closeWhenSilent());
  }

  private static DriverPolicy with(DriverPolicy p, Limits limits) {
    return new DriverPolicy(
        p.highestPrice(),
        p.highestMinutePrice(),
        p.lowestPrice(),
        p.largestIncrement(),
        p.directions(),
        limits,
        p.tolerance(),
        p.funding(),
        p.closeTimeout(),
        p.pileTimeout());
  }

  static DriverPolicy with(DriverPolicy p, DriverPolicy.Opening funding) {
    return new DriverPolicy(
        p.highestPrice(),
        p.highestMinutePrice(),
        p.lowestPrice(),
        p.largestIncrement(),
        p.directions(),
        p.limits(),
        p.tolerance(),
        Optional.of(funding),
        p.closeTimeout(),
        p.pileTimeout());
  }
}
