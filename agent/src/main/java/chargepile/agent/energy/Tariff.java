package chargepile.agent.energy;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.math.BigInteger;
import java.time.Duration;

/**
 * What energy and time cost, in the ledger's smallest unit.
 *
 * @param id names these prices to both sides, 0 or more; other prices need another id
 * @param importPricePerKwh what the driver pays for a kilowatt-hour into the car
 * @param exportPricePerKwh what the pile pays for a kilowatt-hour out of the car
 * @param pricePerMinute what the driver pays for a minute of charging besides; 0 for none. It does
 *     not apply while the car exports
 */
public record Tariff(
    long id, Amount importPricePerKwh, Amount exportPricePerKwh, Amount pricePerMinute) {
  /** With the highest price a session of 1,000 kWh still fits an {@link Amount}. */
  public static final Amount HIGHEST_PRICE = new Amount(9_000_000_000_000_000L);

  private static final BigInteger MILLIS_PER_MINUTE = BigInteger.valueOf(60_000);
  private static final BigInteger MILLI_WATT_HOURS_PER_KWH =
      BigInteger.valueOf(MilliWattHours.PER_KWH);

  /**
   * @throws IllegalArgumentException when the id is below 0 or a price above {@link #HIGHEST_PRICE}
   */
  public Tariff {
    if (id < 0) {
      throw new IllegalArgumentException("tariff id below zero: " + id);
    }
    bounded("import price per kWh", importPricePerKwh);
    bounded("export price per kWh", exportPricePerKwh);
    bounded("price per minute", pricePerMinute);
  }

  /** What a kilowatt-hour costs in a direction. */
  public Amount pricePerKwh(Direction direction) {
    return switch (direction) {
      case IMPORT -> importPricePerKwh;
      case EXPORT -> exportPricePerKwh;
    };
  }

  /**
   * What is due for a session's totals in one direction: {@code floor(E · price) + floor(t ·
   * price)}. The driver owes it for import, the pile for export. Always computed from totals, so
   * rounding never accumulates.
   *
   * @param cumulativeTime time of charging in this direction; what is below a millisecond is free
   * @throws IllegalArgumentException when the time is negative
   * @throws ArithmeticException when the amount leaves the range of a long
   */
  public Amount due(Direction direction, MilliWattHours cumulativeEnergy, Duration cumulativeTime) {
    if (cumulativeTime.isNegative()) {
      throw new IllegalArgumentException("charging time below zero: " + cumulativeTime);
    }
    Amount forEnergy =
        part(pricePerKwh(direction), cumulativeEnergy.value(), MILLI_WATT_HOURS_PER_KWH);
    return switch (direction) {
      case IMPORT ->
          forEnergy.plus(part(pricePerMinute, cumulativeTime.toMillis(), MILLIS_PER_MINUTE));
      case EXPORT -> forEnergy;
    };
  }

  private static Amount part(Amount price, long quantity, BigInteger per) {
    return new Amount(
        BigInteger.valueOf(price.value())
            .multiply(BigInteger.valueOf(quantity))
            .divide(per)
            .longValueExact());
  }

  private static void bounded(String what, Amount price) {
    if (price.compareTo(HIGHEST_PRICE) > 0) {
      throw new IllegalArgumentException(
          "%s is at most %d, not %d".formatted(what, HIGHEST_PRICE.value(), price.value()));
    }
  }
}
