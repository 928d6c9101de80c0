package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.Figures;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.units.Amount;
import java.util.Locale;

/** Figures of the market in lines for people. */
public final class Lines {
  private Lines() {}

  /** Of a kWh in the token's smallest unit: {@code 1 250.5}. */
  static String price(TradePrice price) {
    return Figures.grouped(price.doubled() / 2) + (price.doubled() % 2 == 0 ? "" : ".5");
  }

  static String units(Amount amount) {
    return Figures.grouped(amount.value()) + " units";
  }

  /** Why an order was rejected. */
  public static String why(RejectionReason reason) {
    return switch (reason) {
      case RejectionReason.Rule(var rule) -> "it broke %s: %s".formatted(rule.name(), rule.text());
      case RejectionReason.Veto(var why) ->
          "the agency's veto: " + why.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }
}
