package chargepile.agent.energy;

/**
 * A part of a milliwatt-hour, in lowest terms, that keeps registers from drifting.
 *
 * @param numerator 0 or more
 * @param denominator 1 or more
 */
public record Fraction(long numerator, long denominator) {
  public static final Fraction ZERO = new Fraction(0, 1);

  /**
   * The least common multiple of all realistic meter constants is below a million; past this the
   * fraction is rounded down, which costs less than 1 mWh once.
   */
  private static final long LARGEST_DENOMINATOR = 1_000_000_000_000L;

  public Fraction {
    if (numerator < 0 || denominator < 1) {
      throw new IllegalArgumentException("no fraction: " + numerator + "/" + denominator);
    }
    long divisor = greatestCommonDivisor(numerator, denominator);
    numerator /= divisor;
    denominator /= divisor;
  }

  /**
   * The sum with {@code otherNumerator/otherDenominator}, both below 1.
   *
   * @param otherDenominator at most {@link MeterSettings#MAXIMUM_IMPULSES_PER_KWH}
   */
  Fraction plus(long otherNumerator, int otherDenominator) {
    long factor = otherDenominator / greatestCommonDivisor(denominator, otherDenominator);
    if (denominator > LARGEST_DENOMINATOR / factor) {
      return new Fraction(
          (long) ((double) numerator / denominator * otherDenominator) + otherNumerator,
          otherDenominator);
    }
    long common = denominator * factor;
    return new Fraction(numerator * factor + otherNumerator * (common / otherDenominator), common);
  }

  /** The whole milliwatt-hours in it. */
  long whole() {
    return numerator / denominator;
  }

  /** What is left of it without them. */
  Fraction rest() {
    return new Fraction(numerator % denominator, denominator);
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
