package chargepile.agent.market.review;

import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.math.BigInteger;
import java.time.Duration;

/**
 * What an order must be worth to those who make it, so that nobody keeps a feeder from the others
 * for nothing (R7).
 *
 * @param ratePerKwh damages, at least; each side's default amount covers all of the energy at this
 *     rate
 * @param toleranceBasisPoints at most
 * @param energy at least
 * @param window of the delivery, at least: the whole of each slot is promised
 */
public record LeastPromise(
    Amount ratePerKwh, int toleranceBasisPoints, WattHours energy, Duration window) {
  /** Asks for nothing. */
  public static final LeastPromise NONE =
      new LeastPromise(Amount.ZERO, 10_000, WattHours.ZERO, Duration.ZERO);

  boolean isKeptBy(OrderTerms order) {
    return order.onDefault().ratePerKwh().compareTo(ratePerKwh) >= 0
        && order.onDefault().toleranceBasisPoints() <= toleranceBasisPoints
        && order.energy().compareTo(energy) >= 0
        && order.window().length().compareTo(window) >= 0
        && BigInteger.valueOf(order.onDefault().amount().value()).compareTo(damages(order)) >= 0;
  }

  /** For all of its energy, rounded down. */
  private BigInteger damages(OrderTerms order) {
    return BigInteger.valueOf(ratePerKwh.value())
        .multiply(BigInteger.valueOf(order.energy().value()))
        .divide(BigInteger.valueOf(WattHours.PER_KWH));
  }
}
