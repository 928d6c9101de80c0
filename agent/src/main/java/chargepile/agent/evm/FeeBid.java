package chargepile.agent.evm;

import java.math.BigInteger;

/**
 * What a transaction offers for a unit of gas (EIP-1559).
 *
 * @param max in all
 * @param tip above the base fee, at most {@code max}
 */
public record FeeBid(Wei max, Wei tip) {
  private static final BigInteger NINE = BigInteger.valueOf(9);
  private static final BigInteger SEVEN = BigInteger.valueOf(7);

  public FeeBid {
    if (tip.compareTo(max) > 0) {
      throw new IllegalArgumentException("a tip of %s in a fee of %s".formatted(tip, max));
    }
  }

  /**
   * The least that replaces it in every pool: an eighth more of both, rounded up. Geth and its like
   * are content with a tenth.
   */
  FeeBid raised() {
    return new FeeBid(raised(max), raised(tip));
  }

  FeeBid within(Wei most) {
    return new FeeBid(max.min(most), tip.min(most));
  }

  private static Wei raised(Wei fee) {
    return new Wei(
        fee.value().multiply(NINE).add(SEVEN).shiftRight(3).max(fee.value().add(BigInteger.ONE)));
  }

  @Override
  public String toString() {
    return "%s (tip %s)".formatted(max, tip);
  }
}
