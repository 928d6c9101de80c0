package chargepile.agent.units;

/**
 * A non-negative amount of money in the smallest unit of the ledger in use: millisatoshi on
 * Bitcoin, the token's base unit on an EVM chain.
 *
 * @param value 0 or more
 */
public record Amount(long value) implements Comparable<Amount> {
  public static final Amount ZERO = new Amount(0);

  public Amount {
    if (value < 0) {
      throw new IllegalArgumentException("amount below zero: " + value);
    }
  }

  /** The exact sum; throws {@link ArithmeticException} when it leaves the range of a long. */
  public Amount plus(Amount other) {
    return new Amount(Math.addExact(value, other.value));
  }

  /** The exact difference; throws {@link IllegalArgumentException} when {@code other} is larger. */
  public Amount minus(Amount other) {
    return new Amount(value - other.value);
  }

  /** The difference, or zero when {@code other} is larger. */
  public Amount minusOrZero(Amount other) {
    return new Amount(Math.max(0, value - other.value));
  }

  @Override
  public int compareTo(Amount other) {
    return Long.compare(value, other.value);
  }
}
