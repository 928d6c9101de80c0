package chargepile.agent.units;

/**
 * A feerate in satoshi per 1000 weight units, the unit of BOLT 2's {@code feerate_per_kw}.
 *
 * @param satoshiPerKw 0 or more
 */
public record Feerate(long satoshiPerKw) implements Comparable<Feerate> {
  /** 1 satoshi a virtual byte, rounded up as nodes do: the usual minimum relay feerate. */
  public static final Feerate MINIMUM_RELAY = new Feerate(253);

  public Feerate {
    if (satoshiPerKw < 0) {
      throw new IllegalArgumentException("feerate below zero: " + satoshiPerKw);
    }
  }

  /** The fee for {@code weight} weight units, rounded down as BOLT 3 does. */
  public Satoshi fee(int weight) {
    return new Satoshi(Math.multiplyExact(satoshiPerKw, (long) weight) / 1000);
  }

  @Override
  public int compareTo(Feerate other) {
    return Long.compare(satoshiPerKw, other.satoshiPerKw);
  }
}
