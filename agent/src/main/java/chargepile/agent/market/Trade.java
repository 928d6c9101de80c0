package chargepile.agent.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;

/**
 * A matched pair: what is announced is the lowest ask, the highest bid, the price between them and
 * the volume (P1-04, P1-39).
 *
 * @param ask the seller's quote as it was when matched
 * @param bid the buyer's; its price is no less than the ask's
 * @param energy more than 0, no more than either quote's
 */
public record Trade(Quote ask, Quote bid, WattHours energy) {
  public Trade {
    if (ask.side() != Side.ASK || bid.side() != Side.BID) {
      throw new IllegalArgumentException("a trade is of an ask and a bid");
    }
    if (ask.pricePerKwh().value() > bid.pricePerKwh().value()) {
      throw new IllegalArgumentException(
          "ask %s wants more than bid %s gives".formatted(ask.id(), bid.id()));
    }
    if (energy.value() == 0
        || energy.value() > ask.energy().value()
        || energy.value() > bid.energy().value()) {
      throw new IllegalArgumentException("%s is no part of both quotes".formatted(energy));
    }
  }

  public Trader seller() {
    return ask.trader();
  }

  public Trader buyer() {
    return bid.trader();
  }

  /** P_fin, the midpoint of this pair: {@code ask <= P_fin <= bid}. */
  public TradePrice price() {
    return TradePrice.midpoint(ask.pricePerKwh(), bid.pricePerKwh());
  }

  /** What the buyer pays and the seller gets: one integer, so nothing remains (P1-41). */
  public Amount amount() {
    return price().amount(energy);
  }

  /** As it is announced and verified. */
  public Match match() {
    return new Match(ask.id(), bid.id(), ask.pricePerKwh(), bid.pricePerKwh(), price(), energy);
  }
}
