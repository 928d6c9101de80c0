package chargepile.agent.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.Checked.Finding;
import chargepile.agent.energy.PulseNotice.Noise;
import chargepile.agent.energy.PulseNotice.NoiseReason;
import chargepile.agent.energy.PulseNotice.OverPower;
import chargepile.agent.energy.PulseNotice.Pulse;
import chargepile.agent.energy.PulseNotice.TimeBackwards;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlausibilityTest {
  private static final long SECOND = 1_000_000_000;
  private static final PlausibilityLimits LIMITS =
      PlausibilityLimits.of(MeterSettings.s0(1000, 22_000));
  private static final Set<Direction> BOTH = Set.of(Direction.values());
  private static final Plausibility OPEN = Plausibility.start(LIMITS, 0);
  private static final Plausibility CHARGING = OPEN.closed(BOTH, 10 * SECOND);

  @Test
  void pulsesWhileChargingAreNoFault() {
    assertEquals(List.of(), faults(CHARGING.on(Direction.IMPORT, List.of(pulse(11 * SECOND)))));
  }

  @Test
  void aPulseAfterTheOpeningTimeMeansAWeldedContactor() {
    Plausibility opened = CHARGING.opened(20 * SECOND);
    assertEquals(
        List.of(), faults(opened.on(Direction.IMPORT, List.of(pulse(20 * SECOND + SECOND / 2)))));
    assertEquals(
        List.of(PileFault.WELDED_CONTACTOR),
        faults(opened.on(Direction.IMPORT, List.of(pulse(21 * SECOND + 1), pulse(22 * SECOND)))));
  }

  @Test
  void readbackThatStaysClosedMeansAWeldedContactor() {
    Plausibility opened = CHARGING.opened(20 * SECOND);
    assertEquals(List.of(), faults(opened.at(21 * SECOND, true)));
    assertEquals(List.of(), faults(opened.at(22 * SECOND, false)));
    assertEquals(List.of(PileFault.WELDED_CONTACTOR), faults(opened.at(22 * SECOND, true)));
  }

  @Test
  void readbackThatStaysOpenMeansAContactorThatDoesNotClose() {
    assertEquals(List.of(), faults(CHARGING.at(11 * SECOND, false)), "it may be on its way");
    Checked late = CHARGING.at(11 * SECOND + 10_000_000, false);
    assertEquals(List.of(PileFault.CONTACTOR_NOT_CLOSING), faults(late));
    assertEquals(
        "the contactor's readback says open 1010 ms after it was closed",
        late.findings().getFirst().detail());
    assertEquals(List.of(), faults(late.next().at(12 * SECOND, false)), "told once");
  }

  @Test
  void aContactorThatFallsOpenWhileChargingIsTheSameFault() {
    assertEquals(List.of(), faults(CHARGING.at(60 * SECOND, true)));
    assertEquals(List.of(PileFault.CONTACTOR_NOT_CLOSING), faults(CHARGING.at(61 * SECOND, false)));
  }

  @Test
  void energyThatNobodyAgreedToMeansAMeterThatRunsBackwards() {
    Plausibility selling = OPEN.closed(Set.of(Direction.IMPORT), 10 * SECOND);
    Checked first = selling.on(Direction.EXPORT, List.of(pulse(11 * SECOND)));
    assertEquals(List.of(), faults(first));
    Checked second = first.next().on(Direction.EXPORT, List.of(pulse(12 * SECOND)));
    assertEquals(
        List.of(
            new Finding(
                PileFault.METER_BACKWARDS,
                12 * SECOND,
                "export pulses in a session that is not for export")),
        second.findings());
  }

  @Test
  void bothDirectionsAtOnceAreAFault() {
    Plausibility trading = CHARGING;
    for (int i = 11; i < 14; i++) {
      trading = trading.on(Direction.IMPORT, List.of(pulse(i * SECOND))).next();
      Checked checked = trading.on(Direction.EXPORT, List.of(pulse(i * SECOND + 1)));
      assertEquals(i == 13 ? List.of(PileFault.BOTH_DIRECTIONS) : List.of(), faults(checked));
      trading = checked.next();
    }
  }

  @Test
  void noPulseThroughAClosedContactorIsSilenceButNoFault() {
    assertFalse(CHARGING.isSilent(130 * SECOND));
    assertTrue(CHARGING.isSilent(131 * SECOND));
    assertEquals(List.of(), faults(CHARGING.at(131 * SECOND, true)));
  }

  @Test
  void aPulseOrTheContactorsCommandEndsSilence() {
    assertFalse(
        CHARGING.on(Direction.IMPORT, List.of(pulse(20 * SECOND))).next().isSilent(131 * SECOND));
    Plausibility paused = CHARGING.opened(100 * SECOND);
    assertFalse(paused.isSilent(999 * SECOND), "nothing flows through an open contactor");
    assertFalse(paused.closed(BOTH, 110 * SECOND).isSilent(131 * SECOND));
  }

  @Test
  void aSlowMetersSilenceIsJudgedByItsOwnPace() {
    assertEquals(1080, PlausibilityLimits.deadAfter(MeterSettings.s0(10, 22_000)).toSeconds());
  }

  @Test
  void overPowerAndTimeBackwardsAreFaults() {
    assertEquals(
        List.of(
            new Finding(PileFault.OVER_POWER, 5, "pulses come as at 36000 W"),
            new Finding(PileFault.TIME_BACKWARDS, 3, "an edge at 3 ns follows one at 5 ns")),
        CHARGING
            .on(Direction.IMPORT, List.of(new OverPower(5, 36_000), new TimeBackwards(3, 5)))
            .findings());
  }

  @Test
  void noiseIsAFaultWhenThereIsTooMuchInAMinute() {
    List<PulseNotice> sixty =
        Collections.nCopies(60, new Noise(11 * SECOND, NoiseReason.TOO_SHORT));
    Checked tolerated = CHARGING.on(Direction.IMPORT, sixty);
    assertEquals(List.of(), faults(tolerated));
    assertEquals(
        List.of(PileFault.NOISE),
        faults(
            tolerated
                .next()
                .on(Direction.IMPORT, List.of(new Noise(12 * SECOND, NoiseReason.CHATTER)))));
    assertEquals(
        List.of(),
        faults(
            tolerated
                .next()
                .on(Direction.IMPORT, List.of(new Noise(90 * SECOND, NoiseReason.CHATTER)))));
  }

  @Test
  void aPulseJustWithinTheOpeningTimeIsTheContactorsLast() {
    Plausibility opened = CHARGING.opened(20 * SECOND);
    assertEquals(List.of(), faults(opened.on(Direction.IMPORT, List.of(pulse(21 * SECOND)))));
    assertEquals(
        "a pulse 1500 ms after the contactor was opened",
        opened
            .on(Direction.IMPORT, List.of(pulse(21 * SECOND + SECOND / 2)))
            .findings()
            .getFirst()
            .detail());
  }

  @Test
  void aMinuteOfNoiseBeginsWithItsFirst() {
    Noise first = new Noise(11 * SECOND, NoiseReason.TOO_SHORT);
    Noise last = new Noise(71 * SECOND - 1, NoiseReason.TOO_SHORT);
    Noise after = new Noise(71 * SECOND, NoiseReason.TOO_SHORT);
    Plausibility cleared = CHARGING.cleared(11 * SECOND);
    Checked sixty = cleared.on(Direction.IMPORT, Collections.nCopies(60, first));
    assertEquals(
        List.of(PileFault.NOISE), faults(sixty.next().on(Direction.IMPORT, List.of(last))));
    assertEquals(List.of(), faults(sixty.next().on(Direction.IMPORT, List.of(after))));
    List<PulseNotice> secondMinute = Collections.nCopies(60, after);
    assertEquals(
        List.of(), faults(sixty.next().on(Direction.IMPORT, secondMinute)), "counted afresh");
    assertEquals(
        List.of(PileFault.NOISE),
        faults(
            sixty
                .next()
                .on(Direction.IMPORT, secondMinute)
                .next()
                .on(Direction.IMPORT, List.of(after))),
        "and from the one that began the minute");
  }

  @Test
  void limitsOutOfRangeAreRefused() {
    Duration second = Duration.ofSeconds(1);
    assertEquals(0, new PlausibilityLimits(Duration.ZERO, second, 0).noisePerMinute());
    assertThrows(
        IllegalArgumentException.class,
        () -> new PlausibilityLimits(Duration.ofNanos(-1), second, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new PlausibilityLimits(second, Duration.ZERO, 0));
    assertThrows(IllegalArgumentException.class, () -> new PlausibilityLimits(second, second, -1));
    Duration before = Duration.ofNanos(-1);
    assertThrows(
        IllegalArgumentException.class,
        () -> new PlausibilityLimits(second, before, second, 0, second));
    assertThrows(
        IllegalArgumentException.class,
        () -> new PlausibilityLimits(second, second, second, 0, before));
  }

  @Test
  void aFaultIsToldOnceUntilCleared() {
    Checked first = OPEN.at(30 * SECOND, true);
    assertEquals(List.of(PileFault.WELDED_CONTACTOR), faults(first));
    assertEquals(List.of(), faults(first.next().at(31 * SECOND, true)));
    Plausibility cleared = first.next().cleared(32 * SECOND);
    assertEquals(List.of(), faults(cleared.at(33 * SECOND, false)));
    assertEquals(List.of(PileFault.WELDED_CONTACTOR), faults(cleared.at(50 * SECOND, true)));
  }

  private static List<PileFault> faults(Checked checked) {
    return checked.findings().stream().map(Finding::fault).toList();
  }

  private static Pulse pulse(long startNanos) {
    return new Pulse(startNanos + 40_000_000, startNanos, new MilliWattHours(1000));
  }
}
