package chargepile.agent.units;

/**
 * A non-negative amount of bitcoin in satoshi.
 *
 * @param value 0 or more
 */
public record Satoshi(long value) implements Comparable<Satoshi> {
  /** Millisatoshi in a satoshi. */
  private static final long MSAT = 1000;

  public static final Satoshi ZERO = new Satoshi(0);

  public Satoshi {
    if (value < 0) {
      throw new IllegalArgumentException("satoshi below zero: " + value);
    }
  }

  /** The whole satoshi in an amount of millisatoshi, as BOLT 3 rounds outputs: down. */
  public static Satoshi floor(Amount millisatoshi) {
    return new Satoshi(millisatoshi.value() / MSAT);
  }

  /** This amount in millisatoshi. */
  public Amount toAmount() {
    return new Amount(Math.multiplyExact(value, MSAT));
  }

  public Satoshi plus(Satoshi other) {
    return new Satoshi(Math.addExact(value, other.value));
  }

  /** The exact difference; throws {@link IllegalArgumentException} when {@code other} is larger. */
  public Satoshi minus(Satoshi other) {
    return new Satoshi(value - other.value);
  }

  /** The difference, or zero when {@code other} is larger. */
  public Satoshi minusOrZero(Satoshi other) {
    return new Satoshi(Math.max(0, value - other.value));
  }

  @Override
  public int compareTo(Satoshi other) {
    return Long.compare(value, other.value);
  }
}
