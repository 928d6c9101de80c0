package chargepile.agent.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.math.BigInteger;

/**
 * The price of a trade, P_fin, exact to half a unit: the midpoint of two whole prices is stored as
 * their sum (P1-39, P1-41).
 *
 * @param doubled twice the price of a kilowatt-hour in the ledger's smallest unit, 0 or more
 */
public record TradePrice(long doubled) implements Comparable<TradePrice> {
  /** Halves of a unit, times watt-hours in a kilowatt-hour. */
  private static final long SCALE = 2 * WattHours.PER_KWH;

  public TradePrice {
    if (doubled < 0) {
      throw new IllegalArgumentException("price below zero");
    }
  }

  /** A whole price, as of an offer that is taken as it stands. */
  public static TradePrice of(Amount pricePerKwh) {
    return new TradePrice(Math.multiplyExact(pricePerKwh.value(), 2L));
  }

  /** Halfway between what the seller asks and what the buyer bids. */
  public static TradePrice midpoint(Amount ask, Amount bid) {
    return new TradePrice(Math.addExact(ask.value(), bid.value()));
  }

  /**
   * What the energy costs, {@code floor(v · 2P / 2000)}: rounded once, and the same integer is
   * debited and credited (P1-41). Throws {@link ArithmeticException} when it leaves the range of a
   * long.
   */
  public Amount amount(WattHours energy) {
    long low = doubled * energy.value();
    if (low >= 0 && Math.multiplyHigh(doubled, energy.value()) == 0) {
      return new Amount(low / SCALE);
    }
    return new Amount(
        BigInteger.valueOf(doubled)
            .multiply(BigInteger.valueOf(energy.value()))
            .divide(BigInteger.valueOf(SCALE))
            .longValueExact());
  }

  /** What the energy costs, or {@code most} where that is less. */
  public Amount amount(WattHours energy, Amount most) {
    return new Amount(
        BigInteger.valueOf(doubled)
            .multiply(BigInteger.valueOf(energy.value()))
            .divide(BigInteger.valueOf(SCALE))
            .min(BigInteger.valueOf(most.value()))
            .longValueExact());
  }

  /** Whether it is no less than the ask and no more than the bid (P1-39). */
  public boolean suits(Amount ask, Amount bid) {
    return compareTo(of(ask)) >= 0 && compareTo(of(bid)) <= 0;
  }

  @Override
  public int compareTo(TradePrice other) {
    return Long.compare(doubled, other.doubled);
  }

  /** Such as {@code 12.5}. */
  @Override
  public String toString() {
    return doubled / 2 + (doubled % 2 == 0 ? "" : ".5");
  }
}
