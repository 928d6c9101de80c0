package chargepile.agent.session;

import static chargepile.agent.session.SessionLifeTest.assertPaidInFull;
import static chargepile.agent.session.SessionLifeTest.charging;
import static chargepile.agent.session.SessionLifeTest.staying;
import static chargepile.agent.session.SessionLifeTest.wh;
import static chargepile.agent.session.SessionLifeTest.with;
import static chargepile.agent.session.SessionWorld.DRIVER;
import static chargepile.agent.session.SessionWorld.PILE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.driver.DriverEvent;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.PileDocument;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Who can't see the chain puts nothing new at stake once its grace is over, and loses nothing. */
class ChainOutOfSightTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration GRACE = Duration.ofMinutes(3);
  private static final PileSettings SHORT = PILE.withGrace(GRACE);
  private static final String AWAY = "the node is away: start it";
  private static final Phase PAUSED = new Phase.Paused(Phase.Cause.CHAIN);

  /** 22 kW for as long as the contactor takes to open, and the pulse under way. */
  private static final long OPENING = 22_000 * PILE.switching().opening().toMillis() / 3600 + 1000;

  static void lose(SessionWorld world) {
    world.pile.on(new PileEvent.ChainStanding(Optional.of(trouble(world, AWAY))));
  }

  static void find(SessionWorld world) {
    world.pile.on(new PileEvent.ChainStanding(Optional.empty()));
  }

  private static ChainTrouble trouble(SessionWorld world, String reason) {
    return new ChainTrouble(reason, world.now().wall(), world.nanos());
  }

  @Test
  void energyIsSoldForTheGraceThenAllIsClaimedAndItGoesOnByItself() {
    try (SessionWorld world = charging(SHORT, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 2, HOUR);
      lose(world);
      world.run(GRACE.minusMillis(1));
      assertTrue(world.meter.isCommandedClosed(), "it sells on within the grace");

      world.run(Duration.ofMillis(1));
      assertFalse(world.meter.isCommandedClosed(), "and not a moment longer");
      world.run(Duration.ofMinutes(30));
      assertEquals(PAUSED, world.pile.session().phase());
      assertPaidInFull(world);

      MilliWattHours before = world.pile.delivered(Direction.IMPORT);
      find(world);
      assertTrue(world.meter.isCommandedClosed());
      world.runUntil(
          () -> world.pile.delivered(Direction.IMPORT).compareTo(before.plus(wh(200))) > 0, HOUR);
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      assertPaidInFull(world);
    }
  }

  @Test
  void aTroubleThatEndsInTimeStopsNothing() {
    try (SessionWorld world = charging(SHORT, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      for (int i = 0; i < 3; i++) {
        lose(world);
        world.run(GRACE.minusMillis(1));
        find(world);
        world.run(Duration.ofSeconds(1));
      }
      assertEquals(1, world.pile.closings);
    }
  }

  @Test
  void theGraceCountsFromTheLastAnswerAndNotFromTheComplaint() {
    try (SessionWorld world = charging(SHORT, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      ChainTrouble begun = trouble(world, AWAY);
      world.run(Duration.ofMinutes(2));
      world.pile.on(new PileEvent.ChainStanding(Optional.of(begun)));
      world.run(Duration.ofSeconds(50));
      ChainTrouble other = new ChainTrouble("it hangs", begun.since(), begun.sinceNanos());
      world.pile.on(new PileEvent.ChainStanding(Optional.of(other)));
      world.run(Duration.ofMillis(9_999));
      assertTrue(world.meter.isCommandedClosed());
      world.run(Duration.ofMillis(1));
      assertFalse(world.meter.isCommandedClosed());
    }
  }

  @Test
  void withoutGraceTheContactorOpensAtOnce() {
    try (SessionWorld world = charging(PILE.withGrace(Duration.ZERO), DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      lose(world);
      assertFalse(world.meter.isCommandedClosed());
      find(world);
      world.run(PILE.switching().minimumOpen());
      assertTrue(world.meter.isCommandedClosed());
    }
  }

  @Test
  void whoIsPaidAheadClaimsNothingAheadWhileBlind() {
    PileSettings prepaid = with(PILE, new Exposure(wh(100), wh(0))).withGrace(GRACE);
    try (SessionWorld world = charging(prepaid, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 3, HOUR);
      lose(world);
      world.run(GRACE);
      MilliWattHours paid = world.pile.paid().imported().energy();
      world.run(HOUR);
      assertEquals(paid, world.pile.paid().imported().energy());
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      assertPaidInFull(world);
    }
  }

  @Test
  void aBlindPileEndsItsSessionAtUnplugAndOffersNoOther() {
    try (SessionWorld world = charging(staying(SHORT).withGrace(GRACE), DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      lose(world);
      world.run(GRACE.plusMinutes(1));
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.UNPLUGGED, world.pile.reason());
      assertPaidInFull(world);

      world.pile.plug(true);
      world.run(HOUR);
      assertTrue(world.pile.state.session().isEmpty(), "no offer while blind");
      world.pile.command(new OperatorCommand.Start());
      assertEquals("the chain is out of sight: " + AWAY, world.pile.answers.getLast().text());
      find(world);
      world.runUntil(() -> world.meter.isCommandedClosed(), Duration.ofSeconds(10));
      assertTrue(world.meter.isCommandedClosed());
    }
  }

  @Test
  void aRestartedPileIsAsBlindAsBefore() {
    try (SessionWorld world = charging(SHORT, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      lose(world);
      world.run(GRACE.plusSeconds(5));
      world.pile.restart();
      lose(world);
      world.run(Duration.ofSeconds(6));
      world.connect();
      world.run(Duration.ofSeconds(10));
      assertTrue(world.meter.isCommandedClosed(), "the grace counts from the start");
      world.run(GRACE);
      assertFalse(world.meter.isCommandedClosed());
      assertEquals(PAUSED, world.pile.session().phase());
      find(world);
      world.run(Duration.ofSeconds(10));
      assertTrue(world.meter.isCommandedClosed());
    }
  }

  @Test
  void theOperatorIsToldOfChangesAndTheDocumentSaysWhy() {
    try (SessionWorld world = charging(SHORT, DRIVER)) {
      world.run(Duration.ofSeconds(10));
      int before = world.pile.alerts.size();
      lose(world);
      lose(world);
      assertEquals(new PileDocument.Chain(Optional.of(chain(world)), true), document(world));
      world.run(GRACE.plusMinutes(1));
      assertEquals(new PileDocument.Chain(Optional.of(chain(world)), false), document(world));
      find(world);
      find(world);
      assertEquals(new PileDocument.Chain(Optional.empty(), true), document(world));
      List<String> said = world.pile.alerts.subList(before, world.pile.alerts.size());
      assertEquals(
          List.of(
              "the chain is out of sight, energy is sold for 180 s more: " + AWAY,
              "nothing is sold until the chain is in sight again; what was delivered is still"
                  + " claimed",
              "the chain is in sight again"),
          said);
    }
  }

  private static ChainTrouble chain(SessionWorld world) {
    return world.pile.state.chain().trouble().orElseThrow();
  }

  private static PileDocument.Chain document(SessionWorld world) {
    return world.pile.published(PileDocument.Chain.class).getLast();
  }

  @Test
  void aBlindDriverEndsTheSessionAndStillSignsForWhatHasFlowed() {
    try (SessionWorld world = charging(staying(PILE), DRIVER.withGrace(GRACE))) {
      world.runUntil(() -> world.pile.session().updates() == 2, HOUR);
      world.run(Duration.ofSeconds(7));
      world.driver.on(new DriverEvent.ChainStanding(Optional.of(trouble(world, AWAY))));
      world.run(GRACE.minusMillis(1));
      assertTrue(world.meter.isCommandedClosed());
      world.runUntil(world.pile::isEnded, HOUR);

      assertEquals(StopReason.CHAIN_OUT_OF_SIGHT, world.pile.reason());
      assertPaidInFull(world);
      world.run(Duration.ofSeconds(5));
      assertEquals(world.pile.paid(), world.driver.paid());
      assertTrue(world.pile.state.leg(PileSide.DRIVER).isOpen());

      world.pile.plug(false);
      world.pile.plug(true);
      world.run(Duration.ofSeconds(5));
      assertEquals(1, world.driver.told(DriverNotice.OfferRefused.class).size());
      world.driver.on(new DriverEvent.ChainStanding(Optional.empty()));
      world.pile.command(new OperatorCommand.Start());
      world.runUntil(() -> world.meter.isCommandedClosed(), Duration.ofSeconds(10));
      assertTrue(world.meter.isCommandedClosed());
    }
  }

  /** Trouble comes and goes whenever it likes; links break and programs restart meanwhile. */
  @Property(tries = 12, shrinking = ShrinkingMode.OFF)
  void nothingIsDeliveredBlindlyAndNothingThatWasIsLost(
      @ForAll @IntRange(max = 240) int graceSeconds,
      @ForAll @IntRange(max = 200) int credit,
      @ForAll long seed) {
    Random random = new Random(seed);
    Duration grace = Duration.ofSeconds(graceSeconds);
    PileSettings settings = with(PILE, new Exposure(wh(60), wh(credit))).withGrace(grace);
    try (SessionWorld world = charging(settings, DRIVER)) {
      world.delay = () -> Duration.ofMillis(random.nextInt(1, 400));
      for (int i = 0; i < 12 && !world.pile.isEnded(); i++) {
        find(world);
        world.meter.power(random.nextLong(1400, 22_000));
        world.run(Duration.ofMillis(random.nextInt(1, 120_000)));
        lose(world);
        world.run(Duration.ofMillis(random.nextInt(1, 200_000)));
        switch (random.nextInt(8)) {
          case 0 -> world.disconnect();
          case 1 -> {
            world.pile.restart();
            lose(world);
          }
          case 2 -> world.driver.restart();
          default -> {}
        }
        if (!world.linked) {
          world.run(Duration.ofMillis(random.nextInt(1, 50_000)));
          world.connect();
        }
        world.run(grace);
        MilliWattHours atTheEnd = delivered(world);
        world.run(Duration.ofMillis(random.nextInt(1, 40_000)));
        assertFalse(world.meter.isCommandedClosed());
        assertTrue(delivered(world).minus(atTheEnd).value() <= OPENING);
      }
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(delivered(world), world.pile.paid().imported().energy());
      world.run(Duration.ofSeconds(10));
      assertEquals(world.pile.paid(), world.driver.paid());
    }
  }

  private static MilliWattHours delivered(SessionWorld world) {
    return world.pile.state.session().isEmpty()
        ? MilliWattHours.ZERO
        : world.pile.delivered(Direction.IMPORT);
  }
}
