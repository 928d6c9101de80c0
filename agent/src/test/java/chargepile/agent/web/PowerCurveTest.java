package chargepile.agent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PowerCurveTest {
  @Test
  void aShortCurveIsItsReadings() {
    assertEquals(List.of(0L, 7000L, -3000L), of(List.of(0L, 7000L, -3000L)).watts());
  }

  @Test
  void aFullCurveGoesOnInStepsTwiceAsLong() {
    PowerCurve curve = PowerCurve.EMPTY;
    for (int i = 0; i < PowerCurve.MOST; i++) {
      curve = curve.plus(i % 2 == 0 ? 1000 : 2000);
    }
    assertEquals(2, curve.step());
    assertEquals(PowerCurve.MOST / 2, curve.watts().size());
    assertTrue(curve.watts().stream().allMatch(watts -> watts == 1500));
  }

  @Property(tries = 100)
  void itNeverGrowsAndItsStepsCoverAllReadings(
      @ForAll @IntRange(min = 0, max = 20_000) int readings) {
    PowerCurve curve = PowerCurve.EMPTY;
    for (int i = 0; i < readings; i++) {
      curve = curve.plus(7000);
    }
    assertTrue(curve.points().size() < PowerCurve.MOST);
    assertEquals(readings, (long) curve.step() * curve.points().size() + curve.readings());
    assertTrue(curve.watts().stream().allMatch(watts -> watts == 7000));
  }

  @Property(tries = 50)
  void noPointLeavesTheRangeOfTheReadings(
      @ForAll @Size(min = 1, max = 2000)
          List<@LongRange(min = -22_000, max = 22_000) Long> readings) {
    long least = readings.stream().mapToLong(r -> r).min().orElseThrow();
    long most = readings.stream().mapToLong(r -> r).max().orElseThrow();
    assertTrue(of(readings).watts().stream().allMatch(watts -> watts >= least && watts <= most));
  }

  private static PowerCurve of(List<Long> readings) {
    PowerCurve curve = PowerCurve.EMPTY;
    for (long reading : readings) {
      curve = curve.plus(reading);
    }
    return curve;
  }
}
