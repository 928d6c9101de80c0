package chargepile.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.sim.PowerTrace.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PowerTraceTest {

  @Test
  void theBuiltInCarTakesAFewKilowattHoursAndTapers() {
    PowerTrace car = PowerTrace.builtIn();

    assertEquals(Duration.ofMinutes(45), car.duration());
    assertEquals(10_990_000, car.steps().get(49).milliwatts(), "top of constant current");
    assertEquals(11_000_000, car.peakMilliwatts());
    assertEquals(5_438_176, car.importMilliWattHours());
    assertEquals(0, car.exportMilliWattHours());
  }

  @Test
  void dischargingTurnsTheDirectionOnly() {
    PowerTrace car = PowerTrace.builtIn();
    PowerTrace home = car.discharging();

    assertEquals(car.importMilliWattHours(), home.exportMilliWattHours());
    assertEquals(0, home.importMilliWattHours());
    assertEquals(car.duration(), home.duration());
    assertEquals(car, home.discharging());
  }

  @Test
  void scalingReachesTheEnergyAndKeepsThePower() {
    PowerTrace car = PowerTrace.builtIn();
    for (long wanted : new long[] {1, 10_000, 50_000_000}) {
      PowerTrace scaled = car.scaledToMilliWattHours(wanted);

      assertEquals(wanted, scaled.importMilliWattHours());
      assertEquals(car.peakMilliwatts(), scaled.peakMilliwatts());
    }
  }

  @Test
  void whatMovesNoEnergyCannotBeScaled() {
    PowerTrace idle = new PowerTrace(List.of(new Step(1, 0)));

    assertThrows(IllegalArgumentException.class, () -> idle.scaledToMilliWattHours(1));
    assertThrows(
        IllegalArgumentException.class, () -> PowerTrace.builtIn().scaledToMilliWattHours(0));
  }

  @Test
  void scalingBeyondAMonthIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> PowerTrace.builtIn().scaledToMilliWattHours(Long.MAX_VALUE / 2));
    assertTrue(String.valueOf(e.getMessage()).contains("31 days"), e::getMessage);
  }

  @Test
  void aTraceHasAtLeastOneStep() {
    assertThrows(IllegalArgumentException.class, () -> new PowerTrace(List.of()));
  }
}
