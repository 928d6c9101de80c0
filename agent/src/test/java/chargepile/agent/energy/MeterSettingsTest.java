package chargepile.agent.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeterSettingsTest {
  @Test
  void ratedPowerThatNeedsFasterPulsesIsRefusedWithTheFigures() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> MeterSettings.s0(10_000, 22_000));
    assertEquals(
        "at its rated 22000 W the meter's 10000 imp/kWh come every 16.4 ms, but a pulse of 30 ms"
            + " and a pause of 30 ms take 60 ms: shorten them to what the meter's data sheet says,"
            + " or check impulses and rated power",
        refused.getMessage());
  }

  @Test
  void bounceMustBeShorterThanPulseAndPause() {
    Duration three = Duration.ofMillis(3);
    Duration thirty = Duration.ofMillis(30);
    assertThrows(
        IllegalArgumentException.class,
        () -> new MeterSettings(1000, thirty, three, 22_000, three));
    assertThrows(
        IllegalArgumentException.class,
        () -> new MeterSettings(1000, three, thirty, 22_000, three));
  }

  @Test
  void everyFigureHasItsRange() {
    Duration ten = Duration.ofSeconds(10);
    Duration one = Duration.ofMillis(1);
    assertEquals(1, new MeterSettings(1, ten, one, 1, Duration.ZERO).impulsesPerKwh());
    assertEquals(100_000, new MeterSettings(100_000, one, one, 1, Duration.ZERO).impulsesPerKwh());
    assertEquals(
        1_000_000, new MeterSettings(1, one, one, 1_000_000, Duration.ZERO).ratedPowerWatts());
    refused("impulses per kWh must be 1 to 100000, not 0", 0, one, one, 1);
    refused("impulses per kWh must be 1 to 100000, not 100001", 100_001, one, one, 1);
    refused("rated power in W must be 1 to 1000000, not 0", 1, one, one, 0);
    refused("rated power in W must be 1 to 1000000, not 1000001", 1, one, one, 1_000_001);
    refused(
        "minimum pulse must be above 0 and at most 10000 ms, not 0 ms", 1, Duration.ZERO, one, 1);
    refused(
        "minimum pause must be above 0 and at most 10000 ms, not 10001 ms",
        1,
        one,
        ten.plus(one),
        1);
  }

  private static void refused(
      String reason, int impulses, Duration pulse, Duration pause, long watts) {
    assertEquals(
        reason,
        assertThrows(
                IllegalArgumentException.class,
                () -> new MeterSettings(impulses, pulse, pause, watts, Duration.ZERO))
            .getMessage());
  }

  @Test
  void pulsesThatJustFitIntoRatedPowersSpacingAreAccepted() {
    Duration half = Duration.ofMillis(50);
    assertEquals(
        36_000, new MeterSettings(1000, half, half, 36_000, Duration.ZERO).ratedPowerWatts());
    assertThrows(
        IllegalArgumentException.class,
        () -> new MeterSettings(1000, half, half.plusNanos(1), 36_000, Duration.ZERO));
  }

  @Test
  void spacingAndPowerAreEachOthersInverse() {
    MeterSettings settings = MeterSettings.s0(1000, 22_000);
    assertEquals(3600, settings.watts(Duration.ofSeconds(1).toNanos()));
    assertEquals(Duration.ofSeconds(1).toNanos(), settings.spacingNanosAt(3600));
  }
}
