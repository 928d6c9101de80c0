package chargepile.agent.market.desk;

import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.DefaultRule;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.Optional;

/**
 * What a default is to cost (P2-12): the buyer writes it into its request, the seller takes what is
 * no dearer.
 *
 * @param ratePerKwh damages
 * @param toleranceBasisPoints of the order's energy
 * @param most that it puts into escrow against its own default for an order; empty: whatever the
 *     rule asks for
 */
public record DefaultPolicy(Amount ratePerKwh, int toleranceBasisPoints, Optional<Amount> most) {
  /** One that puts at stake whatever the rule asks for. */
  public DefaultPolicy(Amount ratePerKwh, int toleranceBasisPoints) {
    this(ratePerKwh, toleranceBasisPoints, Optional.empty());
  }

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

  /** Whether that much may be at stake for one order. */
  boolean covers(Amount amount) {
    return most.isEmpty() || amount.compareTo(most.get()) <= 0;
  }

  /**
   * How much of some energy may be of one order, by what that puts at stake.
   *
   * @param price the highest that the order may be of
   */
  WattHours within(TradePrice price, WattHours energy, TradeRules rules) {
    if (most.isEmpty() || covers(price, energy, rules)) {
      return energy;
    }
    long least = 0;
    long tooMuch = energy.value();
    while (tooMuch - least > 1) { // what is at stake rises with the energy
      long middle = least + (tooMuch - least) / 2;
      if (covers(price, new WattHours(middle), rules)) {
        least = middle;
      } else {
        tooMuch = middle;
      }
    }
    return new WattHours(least);
  }

  private boolean covers(TradePrice price, WattHours energy, TradeRules rules) {
    try {
      return covers(rule(price, energy, rules).amount());
    } catch (ArithmeticException e) { // more than there can be
      return false;
    }
  }

  /** For people, where hardly anything may be promised. */
  String tooLittle(TradeRules rules) {
    return "default_amount_base_units of %d is less than what an order of %d Wh puts into escrow against default"
        .formatted(most.orElse(Amount.ZERO).value(), rules.leastQuote().value());
  }

  /** Whether a seller of this policy takes such a rule for an order. */
  boolean takes(DefaultRule asked, TradePrice price, WattHours energy, TradeRules rules) {
    DefaultRule own = rule(price, energy, rules);
    return asked.ratePerKwh().compareTo(own.ratePerKwh()) <= 0
        && asked.toleranceBasisPoints() >= own.toleranceBasisPoints()
        && asked.amount().compareTo(own.amount()) <= 0;
  }
}
