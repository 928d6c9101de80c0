package chargepile.agent.units;

/**
 * A non-negative quantity of energy in milliwatt-hours: a pulse of a 1000 imp/kWh meter is 1000.
 *
 * @param value 0 or more
 */
public record MilliWattHours(long value) implements Comparable<MilliWattHours> {
  /** Milliwatt-hours in a kilowatt-hour. */
  public static final long PER_KWH = 1_000_000;

  public static final MilliWattHours ZERO = new MilliWattHours(0);

  public MilliWattHours {
    if (value < 0) {
      throw new IllegalArgumentException("energy below zero: " + value);
    }
  }

  public static MilliWattHours ofWattHours(long wattHours) {
    return new MilliWattHours(Math.multiplyExact(wattHours, 1000));
  }

  public MilliWattHours plus(MilliWattHours other) {
    return new MilliWattHours(Math.addExact(value, other.value));
  }

  /** The exact difference; throws {@link IllegalArgumentException} when {@code other} is larger. */
  public MilliWattHours minus(MilliWattHours other) {
    return new MilliWattHours(value - other.value);
  }

  /** The difference, or zero when {@code other} is larger. */
  public MilliWattHours minusOrZero(MilliWattHours other) {
    return new MilliWattHours(Math.max(0, value - other.value));
  }

  @Override
  public int compareTo(MilliWattHours other) {
    return Long.compare(value, other.value);
  }
}
