package chargepile.agent.session;

import static chargepile.agent.session.SessionLifeTest.assertPaidInFull;
import static chargepile.agent.session.SessionLifeTest.charging;
import static chargepile.agent.session.SessionWorld.DRIVER;
import static chargepile.agent.session.SessionWorld.PILE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.PileFault;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.wire.StopReason;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is not metered does not flow. */
class PileSafetyTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SILENCE = PILE.plausibility().deadAfter();
  private static final String LOST = "GPIO 17: lost; look into the kernel's log";

  @ParameterizedTest
  @EnumSource
  void failedHardwareOpensTheContactorAndEndsTheSession(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);

      world.pile.on(new PileEvent.HardwareFailed(LOST));

      assertFalse(world.meter.isCommandedClosed());
      assertEquals(
          new Phase.Stopping(StopReason.FAULT, "HARDWARE_FAILED: " + LOST),
          world.pile.session().phase());
      assertTrue(
          world.pile.alerts.contains(
              "HARDWARE_FAILED: " + LOST + "; mend the line, then restart the agent"));
      world.runUntil(world.pile::isEnded, HOUR);
      assertPaidInFull(world);
      assertEquals(1, world.pile.closings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void failedHardwareIsAFaultThatOutlivesARestartUntilCleared(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      world.pile.on(new PileEvent.HardwareFailed(LOST));
      world.runUntil(world.pile::isEnded, HOUR);

      world.pile.restart();

      assertEquals(Set.of(PileFault.HARDWARE_FAILED), world.pile.state.faults());
      world.pile.command(new OperatorCommand.Start());
      assertEquals("the pile has a fault: [HARDWARE_FAILED]", world.pile.answers.getLast().text());
      world.pile.command(new OperatorCommand.ClearFaults());
      assertEquals(Set.of(), world.pile.state.faults());
    }
  }

  @ParameterizedTest
  @EnumSource
  void failedHardwareKeepsAPileWithoutASessionFromOfferingOne(TestLedger.Kind ledger) {
    try (SessionWorld world = new SessionWorld(ledger, PILE, DRIVER)) {
      world.pile.on(new PileEvent.HardwareFailed(LOST));
      world.open();
      world.run(Duration.ofMinutes(5));

      assertTrue(world.pile.state.session().isEmpty());
      assertEquals(0, world.pile.closings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMeterThatFallsSilentEndsTheSessionWithoutAFault(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      world.meter.power(0);
      world.run(SILENCE.minusSeconds(1));
      assertTrue(world.meter.isCommandedClosed());

      world.runUntil(world.pile::isEnded, HOUR);

      assertEquals(StopReason.NOTHING_METERED, world.pile.reason());
      assertFalse(world.meter.isCommandedClosed());
      assertEquals(Set.of(), world.pile.state.faults());
      assertPaidInFull(world);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCarThatDrawsLittleIsNotSilent(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      world.meter.power(40); // a pulse every 90 s
      world.run(HOUR);

      assertEquals(new Phase.Charging(), world.pile.session().phase());
    }
  }
}
