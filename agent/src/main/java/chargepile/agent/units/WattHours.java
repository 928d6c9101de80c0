package chargepile.agent.units;

/**
 * A non-negative quantity of energy in watt-hours, the unit that markets and orders count in.
 *
 * @param value 0 or more
 */
public record WattHours(long value) implements Comparable<WattHours> {
  /** Watt-hours in a kilowatt-hour. */
  public static final long PER_KWH = 1000;

  public static final WattHours ZERO = new WattHours(0);

  public WattHours {
    if (value < 0) {
      throw new IllegalArgumentException("energy below zero: " + value);
    }
  }

  /** The exact sum; throws {@link ArithmeticException} when it leaves the range of a long. */
  public WattHours plus(WattHours other) {
    return new WattHours(Math.addExact(value, other.value));
  }

  /** The exact difference; throws {@link IllegalArgumentException} when {@code other} is larger. */
  public WattHours minus(WattHours other) {
    return new WattHours(value - other.value);
  }

  /** The difference, or zero when {@code other} is larger. */
  public WattHours minusOrZero(WattHours other) {
    return new WattHours(Math.max(0, value - other.value));
  }

  /** As meters and sessions count it. */
  public MilliWattHours toMilliWattHours() {
    return MilliWattHours.ofWattHours(value);
  }

  @Override
  public int compareTo(WattHours other) {
    return Long.compare(value, other.value);
  }
}
