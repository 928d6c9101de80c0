package chargepile.agent.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.PulseNotice.Pulse;
import chargepile.agent.units.MilliWattHours;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PowerEstimateTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void twoPulsesTellThePowerAndAnOverdueOneLowersIt() {
    PowerEstimate none = PowerEstimate.none(MeterSettings.s0(1000, 22_000));
    assertEquals(OptionalLong.empty(), none.watts(SECOND));
    PowerEstimate one = none.on(pulse(5 * SECOND));
    assertEquals(OptionalLong.empty(), one.watts(6 * SECOND));
    PowerEstimate two = one.on(pulse(6 * SECOND));
    assertEquals(OptionalLong.of(3600), two.watts(6 * SECOND));
    assertEquals(OptionalLong.of(3600), two.watts(7 * SECOND));
    assertEquals(OptionalLong.of(360), two.watts(16 * SECOND));
  }

  @Test
  void energyFlowsForCertainUntilTheNextPulseIsLongOverdue() {
    PowerEstimate one = PowerEstimate.none(MeterSettings.s0(1000, 22_000)).on(pulse(5 * SECOND));
    assertFalse(one.isFresh(5 * SECOND), "one pulse has no spacing");
    PowerEstimate two = one.on(pulse(6 * SECOND));
    assertTrue(two.isFresh(8 * SECOND));
    assertFalse(two.isFresh(8 * SECOND + 1));
  }

  private static Pulse pulse(long startNanos) {
    return new Pulse(startNanos + 1, startNanos, new MilliWattHours(1000));
  }
}
