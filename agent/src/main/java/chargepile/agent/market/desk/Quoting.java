package chargepile.agent.market.desk;

import chargepile.agent.market.Quote;
import chargepile.agent.market.Resting;
import chargepile.agent.market.Side;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.Optional;

/** Keeps one quote in the book and goes on with it from round to round (P1-42). */
final class Quoting {
  private Quoting() {}

  /**
   * @param wanted what is to be traded in all from now on; a rest that is open counts as of it
   */
  static void drive(
      Intents intents, MarketView view, PricePolicy policy, WattHours wanted, boolean mayQuote) {
    CycleView cycle = view.cycle().orElse(null);
    if (cycle == null || cycle.standsStill(view.now())) {
      return;
    }
    Side side = policy.side();
    Optional<Resting> open =
        view.side(side).stream()
            .filter(quote -> quote.quote().trader().equals(view.self()))
            .findFirst();
    boolean enough = mayQuote && wanted.compareTo(view.rules().leastQuote()) >= 0;
    if (open.isEmpty()) {
      if (enough) {
        intents.add(
            new DeskAction.PlaceQuote(
                cycle.number(), cycle.round(), side, policy.now(view, cycle), most(wanted)));
      }
      return;
    }
    Quote quote = open.get().quote();
    if (!enough) {
      intents.add(new DeskAction.WithdrawQuote(cycle.number(), side, quote.id()));
      return;
    }
    Amount price = policy.now(view, cycle);
    WattHours rest = open.get().rest();
    WattHours energy = wanted.compareTo(rest) < 0 ? wanted : rest;
    if (!price.equals(quote.pricePerKwh()) || !energy.equals(rest)) {
      intents.add(
          new DeskAction.ChangeQuote(
              cycle.number(), cycle.round(), side, quote.id(), price, energy));
    }
  }

  private static WattHours most(WattHours wanted) {
    return wanted.compareTo(Quote.MOST_ENERGY) > 0 ? Quote.MOST_ENERGY : wanted;
  }
}
