package chargepile.agent.energy;

import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;

/**
 * Lifetime totals of a meter, one for each direction. They never run backwards, and what a session
 * delivered is always a difference of two readings.
 *
 * <p>A pulse need not be a whole number of milliwatt-hours; the fraction is carried exactly, so a
 * register of n pulses shows {@code floor(n · 1,000,000 / impulses)}, also when the meter is
 * exchanged for one with other impulses.
 *
 * @param importFraction what {@code importEnergy} leaves out, below 1 mWh
 * @param exportFraction what {@code exportEnergy} leaves out, below 1 mWh
 */
public record Registers(
    MilliWattHours importEnergy,
    MilliWattHours exportEnergy,
    Fraction importFraction,
    Fraction exportFraction) {
  public static final Registers ZERO =
      new Registers(MilliWattHours.ZERO, MilliWattHours.ZERO, Fraction.ZERO, Fraction.ZERO);

  /** The total in a direction, rounded down to whole milliwatt-hours. */
  public MilliWattHours energy(Direction direction) {
    return switch (direction) {
      case IMPORT -> importEnergy;
      case EXPORT -> exportEnergy;
    };
  }

  /**
   * The registers after {@code pulses} more of a meter with {@code impulsesPerKwh}.
   *
   * @throws IllegalArgumentException when {@code pulses} is below 0 or the impulses are not 1 to
   *     {@link MeterSettings#MAXIMUM_IMPULSES_PER_KWH}
   * @throws ArithmeticException when the register would leave the range of a long
   */
  public Registers plus(Direction direction, long pulses, int impulsesPerKwh) {
    if (pulses < 0) {
      throw new IllegalArgumentException("registers never run backwards: " + pulses + " pulses");
    }
    if (impulsesPerKwh < 1 || impulsesPerKwh > MeterSettings.MAXIMUM_IMPULSES_PER_KWH) {
      throw new IllegalArgumentException("impulses per kWh out of range: " + impulsesPerKwh);
    }
    Fraction fraction = direction == Direction.IMPORT ? importFraction : exportFraction;
    long milliWattHours = Math.multiplyExact(pulses, MilliWattHours.PER_KWH);
    Fraction sum = fraction.plus(milliWattHours % impulsesPerKwh, impulsesPerKwh);
    long whole = Math.addExact(milliWattHours / impulsesPerKwh, sum.whole());
    MilliWattHours total = energy(direction).plus(new MilliWattHours(whole));
    return switch (direction) {
      case IMPORT -> new Registers(total, exportEnergy, sum.rest(), exportFraction);
      case EXPORT -> new Registers(importEnergy, total, importFraction, sum.rest());
    };
  }

  /**
   * What flowed in a direction between an earlier reading and this one.
   *
   * @throws IllegalArgumentException when {@code earlier} is ahead of this reading
   */
  public MilliWattHours since(Registers earlier, Direction direction) {
    MilliWattHours before = earlier.energy(direction);
    MilliWattHours now = energy(direction);
    if (now.compareTo(before) < 0) {
      throw new IllegalArgumentException(
          "%s register ran backwards from %d to %d mWh"
              .formatted(direction, before.value(), now.value()));
    }
    return now.minus(before);
  }
}
