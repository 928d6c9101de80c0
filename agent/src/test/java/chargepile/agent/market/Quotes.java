package chargepile.agent.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;

/** Quotes for tests, each of a trader of its own unless told otherwise. */
public final class Quotes {
  private Quotes() {}

  public static Quote ask(long id, long price, long energy) {
    return of(Side.ASK, id, "seller-" + id, price, energy);
  }

  public static Quote bid(long id, long price, long energy) {
    return of(Side.BID, id, "buyer-" + id, price, energy);
  }

  public static Quote of(Side side, long id, String trader, long price, long energy) {
    return new Quote(
        new QuoteId(id), new Trader(trader), side, new Amount(price), new WattHours(energy));
  }
}
