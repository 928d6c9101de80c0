package chargepile.agent.evm;

import java.math.BigInteger;

/**
 * An amount of the chain's own coin, or a price of it per unit of gas.
 *
 * @param value 0 to 2^256-1
 */
public record Wei(BigInteger value) implements Comparable<Wei> {
  public static final Wei ZERO = new Wei(BigInteger.ZERO);

  private static final BigInteger GWEI = BigInteger.TEN.pow(9);

  public Wei {
    if (value.signum() < 0 || value.bitLength() > 256) {
      throw new IllegalArgumentException("not 0 to 2^256-1 wei: " + value);
    }
  }

  public static Wei of(long value) {
    return new Wei(BigInteger.valueOf(value));
  }

  public static Wei ofGwei(long value) {
    return new Wei(BigInteger.valueOf(value).multiply(GWEI));
  }

  public Wei plus(Wei other) {
    return new Wei(value.add(other.value));
  }

  public Wei times(long factor) {
    return new Wei(value.multiply(BigInteger.valueOf(factor)));
  }

  public Wei max(Wei other) {
    return compareTo(other) >= 0 ? this : other;
  }

  public Wei min(Wei other) {
    return compareTo(other) <= 0 ? this : other;
  }

  @Override
  public int compareTo(Wei other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value + " wei";
  }
}
