package chargepile.agent.market.desk;

import chargepile.agent.market.CrossRule;
import chargepile.agent.market.order.Charges;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.time.Duration;

/**
 * The rules that the contracts and the agency have published.
 *
 * @param mostMatches of a round (P1-42)
 * @param minimumFill what a pair trades at least (P1-40)
 * @param lead time between review and delivery, at least (R3)
 * @param horizon time between review and the end of the delivery, at most (R3)
 * @param floor least price per kWh (R4)
 * @param cap highest price per kWh (R4)
 * @param least what an order must be of at least (R7)
 * @param charges the fees, and who has them (R10)
 * @param conversions the newest conversion table (R8)
 * @param receipts from the end of a delivery: until then a buyer shows what it has paid
 */
public record TradeRules(
    CrossRule cross,
    int mostMatches,
    WattHours minimumFill,
    Duration lead,
    Duration horizon,
    Amount floor,
    Amount cap,
    Least least,
    Charges charges,
    int conversions,
    Duration receipts) {

  /**
   * Against orders that only take a feeder's room.
   *
   * @param toleranceBasisPoints the most that a default rule may tolerate
   * @param ratePerKwh the least damages
   * @param energy of an order
   * @param window of its delivery
   */
  public record Least(
      int toleranceBasisPoints, Amount ratePerKwh, WattHours energy, Duration window) {
    public static final Least NONE = new Least(10_000, Amount.ZERO, WattHours.ZERO, Duration.ZERO);
  }

  /** What a quote is of at least, so that an order can be made of it. */
  WattHours leastQuote() {
    return minimumFill.compareTo(least.energy()) >= 0 ? minimumFill : least.energy();
  }
}
