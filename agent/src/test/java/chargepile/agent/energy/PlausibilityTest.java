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
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlausibilityTest {
  private static final long SECOND = 1_000_000_000;
  private static final PlausibilityLimits LIMITS =
      PlausibilityLimits.of(MeterSettings.s0(1000, 22_000));
  private static final Plausibility OPEN = Plausibility.start(LIMITS, 0);
  private static final Plausibility CHARGING = OPEN.commanded(true, 10 * SECOND);

  @Test
  void pulsesWhileChargingAreNoFault() {
    assertEquals(List.of(), faults(CHARGING.on(List.of(pulse(11 * SECOND)))));
  }

  @Test
  void aPulseAfterTheOpeningTimeMeansAWeldedContactor() {
    Plausibility opened = CHARGING.commanded(false, 20 * SECOND);
    assertEquals(List.of(), faults(opened.on(List.of(pulse(20 * SECOND + SECOND / 2)))));
    assertEquals(
        List.of(MeterFault.WELDED_CONTACTOR),
        faults(opened.on(List.of(pulse(21 * SECOND + 1), pulse(22 * SECOND)))));
  }

  @Test
  void readbackThatStaysClosedMeansAWeldedContactor() {
    Plausibility opened = CHARGING.commanded(false, 20 * SECOND);
    assertEquals(List.of(), faults(opened.at(21 * SECOND, true)));
    assertEquals(List.of(), faults(opened.at(22 * SECOND, false)));
    assertEquals(List.of(MeterFault.WELDED_CONTACTOR), faults(opened.at(22 * SECOND, true)));
  }

  @Test
  void noPulseThroughAClosedContactorIsSilenceButNoFault() {
    assertFalse(CHARGING.isSilent(130 * SECOND));
    assertTrue(CHARGING.isSilent(131 * SECOND));
    assertEquals(List.of(), faults(CHARGING.at(131 * SECOND, true)));
  }

  @Test
  void aPulseOrTheContactorsCommandEndsSilence() {
    assertFalse(CHARGING.on(List.of(pulse(20 * SECOND))).next().isSilent(131 * SECOND));
    Plausibility paused = CHARGING.commanded(false, 100 * SECOND);
    assertFalse(paused.isSilent(999 * SECOND), "nothing flows through an open contactor");
    assertFalse(paused.commanded(true, 110 * SECOND).isSilent(131 * SECOND));
  }

  @Test
  void aSlowMetersSilenceIsJudgedByItsOwnPace() {
    assertEquals(1080, PlausibilityLimits.deadAfter(MeterSettings.s0(10, 22_000)).toSeconds());
  }

  @Test
  void overPowerAndTimeBackwardsAreFaults() {
    assertEquals(
        List.of(
            new Finding(MeterFault.OVER_POWER, 5, "pulses come as at 36000 W"),
            new Finding(MeterFault.TIME_BACKWARDS, 3, "an edge at 3 ns follows one at 5 ns")),
        CHARGING.on(List.of(new OverPower(5, 36_000), new TimeBackwards(3, 5))).findings());
  }

  @Test
  void noiseIsAFaultWhenThereIsTooMuchInAMinute() {
    List<PulseNotice> sixty =
        Collections.nCopies(60, new Noise(11 * SECOND, NoiseReason.TOO_SHORT));
    Checked tolerated = CHARGING.on(sixty);
    assertEquals(List.of(), faults(tolerated));
    assertEquals(
        List.of(MeterFault.NOISE),
        faults(tolerated.next().on(List.of(new Noise(12 * SECOND, NoiseReason.CHATTER)))));
    assertEquals(
        List.of(),
        faults(tolerated.next().on(List.of(new Noise(90 * SECOND, NoiseReason.CHATTER)))));
  }

  @Test
  void aPulseJustWithinTheOpeningTimeIsTheContactorsLast() {
    Plausibility opened = CHARGING.commanded(false, 20 * SECOND);
    assertEquals(List.of(), faults(opened.on(List.of(pulse(21 * SECOND)))));
    assertEquals(
        "a pulse 1500 ms after the contactor was opened; it may be welded: disconnect the pile"
            + " from the grid",
        opened.on(List.of(pulse(21 * SECOND + SECOND / 2))).findings().getFirst().detail());
  }

  @Test
  void aMinuteOfNoiseBeginsWithItsFirst() {
    Noise first = new Noise(11 * SECOND, NoiseReason.TOO_SHORT);
    Noise last = new Noise(71 * SECOND - 1, NoiseReason.TOO_SHORT);
    Noise after = new Noise(71 * SECOND, NoiseReason.TOO_SHORT);
    Plausibility cleared = CHARGING.cleared(11 * SECOND);
    Checked sixty = cleared.on(Collections.nCopies(60, first));
    assertEquals(List.of(MeterFault.NOISE), faults(sixty.next().on(List.of(last))));
    assertEquals(List.of(), faults(sixty.next().on(List.of(after))));
    List<PulseNotice> secondMinute = Collections.nCopies(60, after);
    assertEquals(List.of(), faults(sixty.next().on(secondMinute)), "counted afresh");
    assertEquals(
        List.of(MeterFault.NOISE),
        faults(sixty.next().on(secondMinute).next().on(List.of(after))),
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
  }

  @Test
  void aFaultIsToldOnceUntilCleared() {
    Checked first = OPEN.at(30 * SECOND, true);
    assertEquals(List.of(MeterFault.WELDED_CONTACTOR), faults(first));
    assertEquals(List.of(), faults(first.next().at(31 * SECOND, true)));
    Plausibility cleared = first.next().cleared(32 * SECOND);
    assertEquals(List.of(), faults(cleared.at(33 * SECOND, false)));
    assertEquals(List.of(MeterFault.WELDED_CONTACTOR), faults(cleared.at(50 * SECOND, true)));
  }

  private static List<MeterFault> faults(Checked checked) {
    return checked.findings().stream().map(Finding::fault).toList();
  }

  private static Pulse pulse(long startNanos) {
    return new Pulse(startNanos + 40_000_000, startNanos, new MilliWattHours(1000));
  }
}
