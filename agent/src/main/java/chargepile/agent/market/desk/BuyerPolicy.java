package chargepile.agent.market.desk;

import chargepile.agent.market.Side;
import chargepile.agent.market.Trader;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * How a driver buys.
 *
 * @param price what it bids, round by round; its bound is the limit of every order
 * @param energy that it wants in all
 * @param since matches of before are of an earlier want
 * @param piles where it would charge: of other sellers it asks for no order
 * @param ahead from when the seller confirms to the delivery, at least, as its lead is; what is
 *     asked for has {@code patience} besides
 * @param length of a delivery, at least; longer where the pile's power asks for it
 * @param matchLife how old a match may be when an order of it is asked for
 * @param onDefault what it writes into its orders
 * @param budget that its orders, with what is in escrow against default, never exceed
 * @param patience before a deadline, how early it does what the seller should have done
 * @param announces whether it announces the matches of a round when nobody did (P1-04)
 * @param collectFrom the least that it withdraws at once, above 0
 */
public record BuyerPolicy(
    PricePolicy price,
    WattHours energy,
    Instant since,
    Map<Trader, PilePoint> piles,
    Duration ahead,
    Duration length,
    Duration matchLife,
    DefaultPolicy onDefault,
    Amount budget,
    Duration patience,
    boolean announces,
    Amount collectFrom) {
  public BuyerPolicy {
    piles = Map.copyOf(piles);
    if (price.side() != Side.BID) {
      throw new IllegalArgumentException("a driver that buys bids");
    }
    if (collectFrom.value() == 0) {
      throw new IllegalArgumentException("nothing can't be withdrawn");
    }
  }
}
