package chargepile.agent.market.desk;

import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.Charges;
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
  /** The rule of an order: in escrow is what all of it undelivered costs, or the fees if more. */
  public DefaultRule rule(TradePrice price, WattHours energy, Charges charges) {
    Amount damages = TradePrice.of(ratePerKwh).amount(energy);
    Amount fees = RevenueSplit.of(price.amount(energy), charges.fees()).fees();
    return new DefaultRule(
        damages.compareTo(fees) >= 0 ? damages : fees, ratePerKwh, toleranceBasisPoints);
  }

  /** Whether a seller of this policy takes such a rule for an order. */
  boolean takes(DefaultRule asked, TradePrice price, WattHours energy, Charges charges) {
    DefaultRule own = rule(price, energy, charges);
    return asked.ratePerKwh().compareTo(ratePerKwh) <= 0
        && asked.toleranceBasisPoints() >= toleranceBasisPoints
        && asked.amount().compareTo(own.amount()) <= 0;
  }
}
