package chargepile.agent.session;

import static chargepile.agent.session.SessionLifeTest.assertPaidInFull;
import static chargepile.agent.session.SessionLifeTest.charging;
import static chargepile.agent.session.SessionLifeTest.staying;
import static chargepile.agent.session.SessionWorld.DRIVER;
import static chargepile.agent.session.SessionWorld.PILE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.EdgeReading;
import chargepile.agent.energy.PileFault;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileDocument;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.StandingFault;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault: how it is seen, that the contactor opens at once, and how it ends. */
class FaultsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration COOL_DOWN = PILE.plausibility().coolDown();
  private static final Duration WATCHED =
      PILE.plausibility().openingTime().plus(Duration.ofSeconds(10));

  /** What makes a fault, in a session under way; the last thing that happens before it is told. */
  private static void cause(SessionWorld world, PileFault fault) {
    switch (fault) {
      case OVER_POWER -> {
        world.meter.power(40_000);
        world.runUntil(() -> !world.meter.isCommandedClosed(), HOUR);
      }
      case HARDWARE_FAILED -> world.pile.on(new PileEvent.HardwareFailed("GPIO 17: lost"));
      case WELDED_CONTACTOR -> {
        world.meter.welded = true;
        world.pile.command(new OperatorCommand.Pause());
        world.run(Duration.ofSeconds(3));
      }
      case CONTACTOR_NOT_CLOSING -> {
        world.run(Duration.ofSeconds(2));
        world.pile.on(new PileEvent.ContactorRead(false));
      }
      case TIME_BACKWARDS -> edge(world, Direction.IMPORT, true, world.nanos() - HOUR.toNanos(), 9);
      case NOISE -> {
        for (int i = 0; i < 150; i++) {
          edge(world, Direction.EXPORT, i % 2 == 0, world.nanos() + i * 10_000_000L, i + 1);
        }
      }
      case METER_BACKWARDS -> {
        world.meter.power(-7_000);
        world.runUntil(() -> !world.meter.isCommandedClosed(), HOUR);
      }
      case BOTH_DIRECTIONS -> {
        world.meter.shorted = true;
        world.runUntil(() -> !world.meter.isCommandedClosed(), HOUR);
      }
      case DEAD_METER -> {
        world.pile.state = unmetered(world.pile.state, Set.of(someone("a"), someone("b")));
        world.meter.power(0);
        world.runUntil(() -> !world.meter.isCommandedClosed(), HOUR);
      }
      case PLUG_PULLED_UNDER_LOAD -> world.pile.plug(false);
      case OVER_TEMPERATURE -> world.pile.on(new PileEvent.HeatChanged(true));
    }
  }

  private static SessionWorld underWay(PileFault fault) {
    SessionWorld world = charging(PILE, DRIVER);
    if (fault == PileFault.DEAD_METER) {
      world.meter.power(0);
      world.runUntil(world.meter::isCommandedClosed, HOUR);
    } else {
      world.runUntil(() -> world.pile.session().updates() == 2, HOUR);
    }
    assertEquals(new Phase.Charging(), world.pile.session().phase());
    return world;
  }

  @Test
  void lostEdgesAreToldWithTheirNumberAndAreNoFault() {
    try (SessionWorld world = charging(PILE, DRIVER)) {
      edge(world, Direction.EXPORT, true, world.nanos(), 1);
      edge(world, Direction.EXPORT, false, world.nanos() + 1, 6);

      assertEquals(
          List.of(
              "4 edges of the meter's export line were lost, and maybe pulses with them: this"
                  + " machine was too busy"),
          world.pile.alerts);
      assertEquals(4, world.pile.state.meter().lostEdges());
      assertEquals(Set.of(), world.pile.state.faults());
    }
  }

  @ParameterizedTest
  @EnumSource
  void opensTheContactorAtOnceEndsTheSessionWithWhatWasMeteredAndSaysWhatToDo(PileFault fault) {
    try (SessionWorld world = underWay(fault)) {
      Instant before = world.now().wall();
      cause(world, fault);

      assertFalse(world.meter.isCommandedClosed());
      assertTrue(world.pile.session().phase() instanceof Phase.Stopped, fault + " ends it");
      assertEquals(
          fault == PileFault.PLUG_PULLED_UNDER_LOAD ? StopReason.UNPLUGGED : StopReason.FAULT,
          world.pile.reason());
      StandingFault standing = published(world).getFirst();
      assertEquals(fault, standing.fault());
      assertFalse(standing.detail().isBlank());
      Instant since = standing.since().orElseThrow();
      assertFalse(since.isBefore(before.minusMillis(1)) || since.isAfter(world.now().wall()));
      assertTrue(
          world.pile.alerts.contains(
              "%s: %s; %s".formatted(fault, standing.detail(), fault.remedy())),
          () -> "told: " + world.pile.alerts);
      assertTrue(
          world.pile.journal.contains("fault: " + fault), () -> "journal: " + world.pile.journal);

      world.meter.welded = false;
      world.meter.power(0);
      world.runUntil(world.pile::isEnded, HOUR);
      if (fault != PileFault.METER_BACKWARDS) {
        assertPaidInFull(world);
      }
      assertEquals(1, world.pile.receipts.size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void outlivesARestartAndKeepsThePileFromSelling(PileFault fault) {
    try (SessionWorld world = underWay(fault)) {
      cause(world, fault);
      world.meter.welded = false;
      world.meter.power(0);
      List<StandingFault> standing = world.pile.state.standing();
      world.run(Duration.ofSeconds(2));

      world.pile.restart();

      assertEquals(standing, world.pile.state.standing());
      assertEquals(standing, published(world));
      world.pile.command(new OperatorCommand.Start());
      assertEquals(
          "the pile has a fault: [%s]".formatted(fault), world.pile.answers.getLast().text());
    }
  }

  @ParameterizedTest
  @EnumSource
  void waitsForTheOperatorUnlessItIsSafeWithout(PileFault fault) {
    try (SessionWorld world = underWay(fault)) {
      cause(world, fault);
      world.meter.welded = false;
      world.meter.power(0);
      if (fault == PileFault.OVER_TEMPERATURE) {
        world.pile.on(new PileEvent.HeatChanged(false));
      }
      world.run(HOUR);
      assertEquals(fault.clearsItself(), world.pile.state.faults().isEmpty());

      world.pile.command(new OperatorCommand.ClearFaults());

      assertTrue(world.pile.answers.getLast().done());
      assertEquals(Set.of(), world.pile.state.faults());
      assertEquals(List.of(), published(world));
    }
  }

  @Test
  void heatIsOverOnceItHasBeenCoolForAWhileAlsoAfterARestart() {
    try (SessionWorld world = underWay(PileFault.OVER_TEMPERATURE)) {
      world.pile.on(new PileEvent.HeatChanged(true));
      world.runUntil(world.pile::isEnded, HOUR);
      world.pile.restart();
      world.pile.on(new PileEvent.HeatChanged(true));
      world.run(HOUR);
      assertEquals(Set.of(PileFault.OVER_TEMPERATURE), world.pile.state.faults());

      world.pile.on(new PileEvent.HeatChanged(false));
      world.run(COOL_DOWN.minusSeconds(2));
      world.pile.on(new PileEvent.HeatChanged(true)); // once more
      world.pile.on(new PileEvent.HeatChanged(false));
      world.run(COOL_DOWN.minusSeconds(2));
      assertEquals(Set.of(PileFault.OVER_TEMPERATURE), world.pile.state.faults());

      world.run(Duration.ofSeconds(3));
      assertEquals(Set.of(), world.pile.state.faults());
      assertEquals("OVER_TEMPERATURE is over", world.pile.alerts.getLast());
      assertEquals(List.of(), published(world));
    }
  }

  @Test
  void heatThatIsThereCannotBeCleared() {
    try (SessionWorld world = underWay(PileFault.OVER_TEMPERATURE)) {
      world.pile.on(new PileEvent.HardwareFailed("GPIO 17: lost"));
      world.pile.on(new PileEvent.HeatChanged(true));

      world.pile.command(new OperatorCommand.ClearFaults());

      assertFalse(world.pile.answers.getLast().done());
      assertEquals(
          "OVER_TEMPERATURE stays: the over-temperature input is on",
          world.pile.answers.getLast().text());
      assertEquals(Set.of(PileFault.OVER_TEMPERATURE), world.pile.state.faults());
    }
  }

  @Test
  void aWeldThatTheReadbackShowsCannotBeCleared() {
    try (SessionWorld world = underWay(PileFault.WELDED_CONTACTOR)) {
      world.pile.command(new OperatorCommand.Pause());
      world.run(Duration.ofSeconds(2));
      world.pile.on(new PileEvent.ContactorRead(true));

      world.pile.command(new OperatorCommand.ClearFaults());

      assertFalse(world.pile.answers.getLast().done());
      assertTrue(
          world.pile.answers.getLast().text().startsWith("WELDED_CONTACTOR stays: "),
          () -> world.pile.answers.getLast().text());
      assertEquals(Set.of(PileFault.WELDED_CONTACTOR), world.pile.state.faults());

      world.pile.on(new PileEvent.ContactorRead(false));
      world.pile.command(new OperatorCommand.ClearFaults());
      assertTrue(world.pile.answers.getLast().done());
      assertEquals(Set.of(), world.pile.state.faults());
    }
  }

  @Test
  void aContactorThatIsFoundClosedWhenItIsToCloseIsWelded() {
    try (SessionWorld world = underWay(PileFault.WELDED_CONTACTOR)) {
      world.pile.on(new PileEvent.FoundClosed());

      assertFalse(world.meter.isCommandedClosed());
      assertEquals(Set.of(PileFault.WELDED_CONTACTOR), world.pile.state.faults());
      assertEquals(StopReason.FAULT, world.pile.reason());
    }
  }

  @Test
  void heatWithoutACarIsAFaultTooAndItsEndBringsTheOffer() {
    try (SessionWorld world = new SessionWorld(PILE, DRIVER)) {
      world.pile.on(new PileEvent.HeatChanged(true));
      world.open().run(Duration.ofMinutes(1));
      assertTrue(world.pile.state.session().isEmpty());

      world.pile.on(new PileEvent.HeatChanged(false));
      world.run(COOL_DOWN.plusSeconds(2));

      assertEquals(new Phase.Charging(), world.pile.session().phase());
    }
  }

  @Test
  void aPlugPulledUnderLoadHoldsTheNextOfferUntilTheContactorHasShownThatItIsOpen() {
    try (SessionWorld world = underWay(PileFault.PLUG_PULLED_UNDER_LOAD)) {
      world.pile.plug(false);
      assertEquals(
          "the plug was pulled under load, at 10999 W",
          ((Phase.Stopped) world.pile.session().phase()).text());
      world.run(Duration.ofSeconds(3));
      world.meter.power(0);
      world.run(WATCHED.minusSeconds(4));
      assertEquals(Set.of(PileFault.PLUG_PULLED_UNDER_LOAD), world.pile.state.faults());

      world.run(Duration.ofSeconds(3));

      assertEquals(Set.of(), world.pile.state.faults());
      assertEquals("PLUG_PULLED_UNDER_LOAD is over", world.pile.alerts.getLast());
    }
  }

  @Test
  void aContactorThatWeldedUnderThatLoadIsFoundMeanwhile() {
    try (SessionWorld world = underWay(PileFault.PLUG_PULLED_UNDER_LOAD)) {
      world.pile.plug(false);
      world.run(Duration.ofSeconds(2));
      world.pile.on(new PileEvent.ContactorRead(true));

      world.run(HOUR);

      assertEquals(Set.of(PileFault.WELDED_CONTACTOR), world.pile.state.faults());
    }
  }

  @Test
  void aPlugPulledFromACarThatDrawsNothingIsNoFault() {
    try (SessionWorld world = underWay(PileFault.PLUG_PULLED_UNDER_LOAD)) {
      world.meter.power(0);
      world.run(Duration.ofSeconds(5));
      assertTrue(world.meter.isCommandedClosed());

      world.pile.plug(false);

      assertEquals(Set.of(), world.pile.state.faults());
      assertEquals(
          new Phase.Stopping(StopReason.UNPLUGGED, "the plug was pulled"),
          world.pile.session().phase());
    }
  }

  @Test
  void oneDriverWithAFullCarNeverMakesAMeterDead() {
    try (SessionWorld world = new SessionWorld(staying(PILE), DRIVER).open()) {
      for (int i = 0; i < 4; i++) {
        world.runUntil(world.pile::isEnded, HOUR);
        assertEquals(StopReason.NOTHING_METERED, world.pile.reason());
        world.pile.command(new OperatorCommand.Start());
      }
      assertEquals(Set.of(), world.pile.state.faults());
      assertEquals(1, world.pile.state.unmetered().size());
    }
  }

  @Test
  void onePulseShowsThatTheMeterLives() {
    try (SessionWorld world = underWay(PileFault.DEAD_METER)) {
      world.pile.state = unmetered(world.pile.state, Set.of(someone("a"), someone("b")));
      world.meter.power(7_000);
      world.run(Duration.ofSeconds(5));
      assertEquals(Set.of(), world.pile.state.unmetered());
    }
  }

  private static List<StandingFault> published(SessionWorld world) {
    return world.pile.published(PileDocument.Faults.class).getLast().faults();
  }

  private static PublicKey someone(String name) {
    return SessionWorld.SIGNER.publicKey(new PrivateKey(SessionWorld.seed(name)));
  }

  /** The same pile after sessions of these drivers that metered nothing. */
  private static Pile unmetered(Pile pile, Set<PublicKey> drivers) {
    return new Pile(
        pile.channels(),
        pile.nextKeyIndex(),
        pile.connected(),
        pile.meter(),
        pile.contactor(),
        pile.plugged(),
        pile.session(),
        pile.declined(),
        pile.asking(),
        pile.chain(),
        pile.agreements(),
        pile.standing(),
        pile.heat(),
        new LinkedHashSet<>(drivers),
        pile.page(),
        pile.notary(),
        pile.timers(),
        pile.storedRegisters(),
        pile.storedAtNanos());
  }

  private static void edge(
      SessionWorld world, Direction direction, boolean active, long nanos, long sequence) {
    world.pile.on(new PileEvent.EdgeSeen(new EdgeReading(direction, active, nanos, sequence)));
  }
}
