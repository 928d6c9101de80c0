package chargepile.agent.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RegistersTest {
  @Property
  void pulsesOneByOneShowWhatTheyShowTogether(
      @ForAll @IntRange(min = 1, max = 20_000) int impulses,
      @ForAll @IntRange(max = 300) int pulses) {
    Registers registers = Registers.ZERO;
    for (int n = 0; n < pulses; n++) {
      registers = registers.plus(Direction.IMPORT, 1, impulses);
    }
    assertEquals(pulses * 1_000_000L / impulses, registers.importEnergy().value());
    assertEquals(Registers.ZERO.plus(Direction.IMPORT, pulses, impulses), registers);
  }

  @Property
  void aKilowattHourIsExactForEveryMeter(@ForAll @IntRange(min = 1, max = 20_000) int impulses) {
    Registers registers =
        Registers.ZERO
            .plus(Direction.EXPORT, impulses / 2, impulses)
            .plus(Direction.EXPORT, impulses - impulses / 2, impulses);
    assertEquals(new MilliWattHours(1_000_000), registers.exportEnergy());
    assertEquals(Fraction.ZERO, registers.exportFraction());
  }

  @Test
  void theFractionSurvivesANewMeterConstant() {
    Registers registers =
        Registers.ZERO
            .plus(Direction.IMPORT, 1, 3000) // 333 1/3
            .plus(Direction.IMPORT, 1, 600) // 1666 2/3
            .plus(Direction.IMPORT, 1, 7000); // 142 6/7
    assertEquals(new MilliWattHours(2142), registers.importEnergy());
    assertEquals(new Fraction(6, 7), registers.importFraction());
  }

  @Property
  void registersNeverRunBackwardsAndDirectionsStayApart(
      @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 100_000) Integer> impulses,
      @ForAll @IntRange(max = 1_000_000) int pulses) {
    Registers registers = Registers.ZERO;
    for (int constant : impulses) {
      Registers next = registers.plus(Direction.IMPORT, pulses, constant);
      long grown = next.since(registers, Direction.IMPORT).value();
      long whole = pulses * 1_000_000L / constant;
      assertTrue(grown == whole || grown == whole + 1, "grew by " + grown + ", not " + whole);
      assertTrue(next.importFraction().numerator() < next.importFraction().denominator());
      registers = next;
    }
    assertEquals(MilliWattHours.ZERO, registers.exportEnergy());
  }

  @Test
  void whatRunsBackwardsIsRefused() {
    Registers later = Registers.ZERO.plus(Direction.IMPORT, 5, 1000);
    assertEquals(new MilliWattHours(5000), later.since(Registers.ZERO, Direction.IMPORT));
    assertThrows(
        IllegalArgumentException.class, () -> Registers.ZERO.since(later, Direction.IMPORT));
    assertThrows(IllegalArgumentException.class, () -> later.plus(Direction.IMPORT, -1, 1000));
  }
}
