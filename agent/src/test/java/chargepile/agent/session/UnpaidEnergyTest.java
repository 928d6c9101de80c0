package chargepile.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is delivered and not paid stays within the credit and what flows while the contactor opens,
 * whatever link and car do.
 */
class UnpaidEnergyTest {
  private static final long PULSE = 1000;
  private static final Duration HOUR = Duration.ofHours(1);

  /** 22 kW for as long as the contactor takes to open. */
  private static final long OPENING =
      22_000 * SessionWorld.PILE.switching().opening().toMillis() / 3600;

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void atSteadyPowerTheCreditIsNotExceeded(
      @ForAll TestLedger.Kind ledger,
      @ForAll @IntRange(min = 20, max = 120) int increment,
      @ForAll @IntRange(max = 200) int credit,
      @ForAll @LongRange(min = 1400, max = 22_000) long watts,
      @ForAll @IntRange(min = 1, max = 3000) int delayMillis) {
    try (SessionWorld world = world(ledger, increment, credit)) {
      world.delay = () -> Duration.ofMillis(delayMillis);
      world.meter.power(watts);
      world.run(Duration.ofMinutes(10));
      assertWithin(world, credit * 1000L + OPENING);
      assertTrue(world.pile.session().updates() > 0, "a slow link slows, and does not stop");
    }
  }

  @Property(tries = 8, shrinking = ShrinkingMode.OFF)
  void whateverHappensOneMorePulseIsAllThatEscapes(
      @ForAll TestLedger.Kind ledger,
      @ForAll @IntRange(min = 20, max = 120) int increment,
      @ForAll @IntRange(max = 200) int credit,
      @ForAll long seed) {
    Random random = new Random(seed);
    try (SessionWorld world = world(ledger, increment, credit)) {
      world.delay = () -> Duration.ofMillis(random.nextInt(1, 400));
      for (int i = 0; i < 40 && !world.pile.isEnded(); i++) {
        world.meter.power(random.nextLong(1400, 22_000));
        world.run(Duration.ofMillis(random.nextInt(1, 60_000)));
        switch (random.nextInt(8)) {
          case 0 -> world.disconnect();
          case 1 -> world.pile.restart();
          case 2 -> world.driver.restart();
          default -> {}
        }
        if (!world.linked) {
          world.run(Duration.ofMillis(random.nextInt(1, 50_000)));
          world.connect();
        }
      }
      assertWithin(world, credit * 1000L + PULSE + OPENING);
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, Duration.ofHours(1));
      assertEquals(world.pile.delivered(Direction.IMPORT), world.pile.paid().imported().energy());
      world.run(Duration.ofSeconds(10));
      assertEquals(world.pile.paid(), world.driver.paid());
      assertTrue(world.driver.alerts.isEmpty(), () -> world.driver.alerts.toString());
    }
  }

  /** A car can't get its import credit anew by feeding a little. */
  @ParameterizedTest
  @EnumSource
  void whatIsOwedOneWayKeepsTheContactorOpenTheOtherWayToo(TestLedger.Kind ledger) {
    PileSettings.Switching slow =
        new PileSettings.Switching(
            Duration.ofMillis(900), Duration.ofSeconds(5), Duration.ofSeconds(2));
    DriverPolicy.Funding forBothWays =
        new DriverPolicy.Funding(new Satoshi(100_000), new Amount(50_000_000), new Feerate(500));
    try (SessionWorld world =
        new SessionWorld(
                ledger,
                with(SessionWorld.PILE, EnumSet.allOf(Direction.class), slow),
                SessionLifeTest.with(SessionWorld.DRIVER, forBothWays))
            .open()) {
      world.meter.power(22_000);
      world.runUntil(world.meter::isCommandedClosed, HOUR);
      world.delay = () -> Duration.ofSeconds(50);
      world.runUntil(() -> !world.meter.isCommandedClosed(), HOUR);
      world.run(Duration.ofMillis(400));
      world.meter.power(-22_000);
      world.run(Duration.ofSeconds(20));

      MilliWattHours owed = world.pile.delivered(Direction.IMPORT);
      assertTrue(owed.compareTo(MilliWattHours.ofWattHours(100)) > 0, owed::toString);
      assertTrue(world.pile.delivered(Direction.EXPORT).value() > 0, "it has fed meanwhile");
      assertEquals(Direction.EXPORT, world.pile.session().clock().direction());
      assertFalse(world.meter.isCommandedClosed(), "not before it has paid");
    }
  }

  private static void assertWithin(SessionWorld world, long bound) {
    MilliWattHours most = world.pile.session().maxUnpaid();
    assertTrue(most.value() <= bound, () -> most + " of at most " + bound);
  }

  private static SessionWorld world(TestLedger.Kind ledger, int increment, int credit) {
    Exposure exposure =
        new Exposure(MilliWattHours.ofWattHours(increment), MilliWattHours.ofWattHours(credit));
    return new SessionWorld(
            ledger, SessionLifeTest.with(SessionWorld.PILE, exposure), SessionWorld.DRIVER)
        .open();
  }

  private static PileSettings with(
      PileSettings s, Set<Direction> directions, PileSettings.Switching switching) {
    return new PileSettings(
        s.meter(),
        s.plausibility(),
        s.tariff(),
        s.exposure(),
        directions,
        switching,
        s.peerTimeout(),
        s.offerTimeout(),
        s.closeTimeout(),
        s.storeEvery(),
        s.storeEveryEnergy(),
        s.closeAfterSession(),
        s.closeWhenSilent());
  }
}
