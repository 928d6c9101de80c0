package chargepile.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.MilliWattHours;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ExposureTest {
  private static final MilliWattHours PULSE = mwh(1000);

  @Test
  void withACreditOfOneIncrementEnergyIsPaidAfterwards() {
    Exposure exposure = new Exposure(mwh(100_000), mwh(100_000));
    assertEquals(mwh(0), exposure.advance());
    assertFalse(exposure.claimDue(mwh(99_000), mwh(0)));
    assertTrue(exposure.claimDue(mwh(100_000), mwh(0)));
    assertTrue(exposure.hasRoom(mwh(99_000), mwh(0), PULSE));
    assertFalse(exposure.hasRoom(mwh(100_000), mwh(0), PULSE));
    assertFalse(exposure.isExceeded(mwh(100_000), mwh(0)));
  }

  @Test
  void withoutCreditEnergyIsPaidAhead() {
    Exposure exposure = new Exposure(mwh(100_000), mwh(0));
    assertEquals(mwh(100_000), exposure.advance());
    assertTrue(exposure.claimDue(mwh(0), mwh(0)));
    assertFalse(exposure.hasRoom(mwh(0), mwh(0), PULSE));
    assertTrue(exposure.hasRoom(mwh(99_000), mwh(100_000), PULSE));
    assertFalse(exposure.claimDue(mwh(99_000), mwh(100_000)));
  }

  /** Else a session would stand still: nothing to claim, and no room to deliver. */
  @Property
  void whereThereIsNoRoomAClaimIsDue(
      @ForAll @LongRange(min = 1000, max = 5_000_000) long increment,
      @ForAll @LongRange(max = 5_000_000) long credit,
      @ForAll @LongRange(max = 10_000_000) long paid,
      @ForAll @LongRange(max = 10_000_000) long more) {
    Exposure exposure = new Exposure(mwh(increment), mwh(credit));
    MilliWattHours delivered = mwh(paid + more);
    if (credit + exposure.advance().value() >= increment + PULSE.value()) {
      assertTrue(
          exposure.hasRoom(delivered, mwh(paid), PULSE) || exposure.claimDue(delivered, mwh(paid)));
    }
  }

  /** Once it is settled there is room again, whatever was claimed. */
  @Property
  void aSettledClaimMakesRoom(
      @ForAll @LongRange(min = 1000, max = 5_000_000) long increment,
      @ForAll @LongRange(max = 5_000_000) long credit,
      @ForAll @LongRange(max = 10_000_000) long delivered) {
    Exposure exposure = new Exposure(mwh(increment), mwh(credit));
    assertTrue(exposure.hasRoom(mwh(delivered), exposure.nextClaim(mwh(delivered)), PULSE));
  }

  private static MilliWattHours mwh(long value) {
    return new MilliWattHours(value);
  }
}
