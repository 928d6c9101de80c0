package chargepile.agent.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TariffTest {
  private static final Tariff TARIFF =
      new Tariff(1, new Amount(300_000), new Amount(250_000), new Amount(60));

  @Test
  void aKilowattHourCostsItsPrice() {
    MilliWattHours one = MilliWattHours.ofWattHours(1000);
    assertEquals(new Amount(300_000), TARIFF.due(Direction.IMPORT, one, Duration.ZERO));
    assertEquals(new Amount(250_000), TARIFF.due(Direction.EXPORT, one, Duration.ZERO));
  }

  @Test
  void timeIsPaidForWhileImportingOnly() {
    Duration time = Duration.ofSeconds(90);
    assertEquals(new Amount(90), TARIFF.due(Direction.IMPORT, MilliWattHours.ZERO, time));
    assertEquals(Amount.ZERO, TARIFF.due(Direction.EXPORT, MilliWattHours.ZERO, time));
  }

  @Property
  void dueIsMonotoneInEnergyAndTime(
      @ForAll Direction direction,
      @ForAll @LongRange(max = 1_000_000_000_000L) long price,
      @ForAll @IntRange(max = 1_000_000_000) int energy,
      @ForAll @IntRange(max = 1_000_000) int more,
      @ForAll @IntRange(max = 100_000_000) int millis,
      @ForAll @IntRange(max = 100_000) int longer) {
    Tariff tariff = new Tariff(1, new Amount(price), new Amount(price), new Amount(price));
    Amount before = tariff.due(direction, new MilliWattHours(energy), Duration.ofMillis(millis));
    assertTrue(
        tariff
                .due(
                    direction,
                    new MilliWattHours((long) energy + more),
                    Duration.ofMillis((long) millis + longer))
                .compareTo(before)
            >= 0);
  }

  @Property
  void incrementsAddUpToWhatTheTotalCosts(
      @ForAll @LongRange(max = 1_000_000_000L) long price,
      @ForAll @Size(max = 50) List<@IntRange(max = 1_000_000) Integer> increments) {
    Tariff tariff = new Tariff(1, new Amount(price), Amount.ZERO, new Amount(7));
    MilliWattHours energy = MilliWattHours.ZERO;
    Duration time = Duration.ZERO;
    Amount paid = Amount.ZERO;
    for (int increment : increments) {
      energy = energy.plus(new MilliWattHours(increment));
      time = time.plusMillis(increment % 9973);
      paid = paid.plus(tariff.due(Direction.IMPORT, energy, time).minus(paid));
    }
    assertEquals(energy.value() * price / 1_000_000 + time.toMillis() * 7 / 60_000, paid.value());
  }

  @Test
  void theHighestPriceStillFitsAThousandKilowattHours() {
    Tariff dear = new Tariff(1, Tariff.HIGHEST_PRICE, Amount.ZERO, Amount.ZERO);
    assertEquals(
        new Amount(9_000_000_000_000_000_000L),
        dear.due(Direction.IMPORT, MilliWattHours.ofWattHours(1_000_000), Duration.ZERO));
    assertThrows(
        ArithmeticException.class,
        () -> dear.due(Direction.IMPORT, MilliWattHours.ofWattHours(2_000_000), Duration.ZERO));
  }

  @Test
  void nonsenseIsRefused() {
    Amount tooMuch = Tariff.HIGHEST_PRICE.plus(new Amount(1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Tariff(-1, Amount.ZERO, Amount.ZERO, Amount.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> new Tariff(1, tooMuch, Amount.ZERO, Amount.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> new Tariff(1, Amount.ZERO, tooMuch, Amount.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> new Tariff(1, Amount.ZERO, Amount.ZERO, tooMuch));
    assertEquals(0, new Tariff(0, Amount.ZERO, Amount.ZERO, Amount.ZERO).id());
    assertThrows(
        IllegalArgumentException.class,
        () -> TARIFF.due(Direction.IMPORT, MilliWattHours.ZERO, Duration.ofMillis(-1)));
  }
}
