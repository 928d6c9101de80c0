package chargepile.agent.market;

import chargepile.agent.units.Amount;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/**
 * What a company locks for a charging pile when it registers it (P1-11).
 *
 * @param minimum whatever the power
 * @param perKw for a kilowatt of rated power
 */
public record BondRule(Amount minimum, Amount perKw) {
  private static final BigInteger WATTS_PER_KW = BigInteger.valueOf(1000);
  private static final BigInteger SECONDS_PER_HOUR = BigInteger.valueOf(3600);

  /**
   * A bond that covers what a pile can owe at full power until a dispute is decided: the price cap
   * times the dispute window, rounded up to a whole unit for each kilowatt.
   *
   * @param priceCapPerKwh the highest price that the review lets pass
   * @param disputeWindow whole seconds, the longest challenge period
   */
  public static BondRule covering(Amount minimum, Amount priceCapPerKwh, Duration disputeWindow) {
    if (disputeWindow.isNegative()) {
      throw new IllegalArgumentException("a dispute window takes time");
    }
    return new BondRule(
        minimum,
        new Amount(ceil(priceCapPerKwh.value(), disputeWindow.toSeconds(), SECONDS_PER_HOUR)));
  }

  /**
   * {@code max(minimum, ceil(ratedPower · perKw))}.
   *
   * @param ratedPowerW more than 0
   * @throws ArithmeticException when it leaves the range of a long
   */
  public Amount bond(long ratedPowerW) {
    if (ratedPowerW <= 0) {
      throw new IllegalArgumentException("rated power must be more than 0 W, not " + ratedPowerW);
    }
    Amount byPower = new Amount(ceil(perKw.value(), ratedPowerW, WATTS_PER_KW));
    return byPower.compareTo(minimum) > 0 ? byPower : minimum;
  }

  /** What must be added before a pile may raise its power; lowering it frees nothing. */
  public Amount topUp(Amount locked, long newRatedPowerW) {
    return bond(newRatedPowerW).minusOrZero(locked);
  }

  /** When a bond is free: the longest open challenge period after the deregistration. */
  public static Instant unlocked(Instant deregistered, Duration longestChallenge) {
    return deregistered.plus(longestChallenge);
  }

  private static long ceil(long amount, long quantity, BigInteger per) {
    BigInteger[] parts =
        BigInteger.valueOf(amount).multiply(BigInteger.valueOf(quantity)).divideAndRemainder(per);
    return parts[0].add(BigInteger.valueOf(parts[1].signum())).longValueExact();
  }
}
