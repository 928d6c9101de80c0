package chargepile.agent.market.desk;

import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.DefaultRule;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;

/**
 * What a default is to cost (P2-12): the buyer writes it into its request, the seller takes what is
 * no dearer.
 *
 * @param ratePerKwh damages
 * @param toleranceBasisPoints of the order's energy
 */
public record DefaultPolicy(Amount ratePerKwh, int toleranceBasisPoints) {
  /**
   * The rule of an order, as far as the agency lets it be so lenient: in escrow is what all of it
   * undelivered costs, or the fees if more.
   */
  public DefaultRule rule(TradePrice price, WattHours energy, TradeRules rules) {
    TradeRules.Least least = rules.least();
    Amount rate = ratePerKwh.compareTo(least.ratePerKwh()) >= 0 ? ratePerKwh : least.ratePerKwh();
    Amount damages = TradePrice.of(rate).amount(energy);
    Amount fees = RevenueSplit.of(price.amount(energy), rules.charges().fees()).fees();
    return new DefaultRule(
        damages.compareTo(fees) >= 0 ? damages : fees,
        rate,
        Math.min(toleranceBasisPoints, least.toleranceBasisPoints()));
  }

  /** Whether a seller of this policy takes such a rule for an order. */
  boolean takes(DefaultRule asked, TradePrice price, WattHours energy, TradeRules rules) {
    DefaultRule own = rule(price, energy, rules);
    return asked.ratePerKwh().compareTo(own.ratePerKwh()) <= 0
        && asked.toleranceBasisPoints() >= own.toleranceBasisPoints()
        && asked.amount().compareTo(own.amount()) <= 0;
  }
}
