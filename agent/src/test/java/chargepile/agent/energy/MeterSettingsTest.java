package chargepile.agent.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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

  @Property
  void aFittingMeterSignalsItsRatedPower(
      @ForAll @IntRange(min = 1, max = 100_000) int impulses,
      @ForAll @IntRange(min = 1, max = 1_000_000) int watts) {
    MeterSettings fitting = MeterSettings.fitting(impulses, watts);
    assertTrue(fitting.minimumPulse().compareTo(MeterSettings.CLASS_A) <= 0);
    assertTrue(fitting.minimumSpacingNanos() < fitting.spacingNanosAt(watts));
  }

  @Test
  void spacingAndPowerAreEachOthersInverse() {
    MeterSettings settings = MeterSettings.s0(1000, 22_000);
    assertEquals(3600, settings.watts(Duration.ofSeconds(1).toNanos()));
    assertEquals(Duration.ofSeconds(1).toNanos(), settings.spacingNanosAt(3600));
  }
}
