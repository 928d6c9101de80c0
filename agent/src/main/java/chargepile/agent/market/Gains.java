package chargepile.agent.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.ArrayList;
import java.util.List;

/**
 * What a trade gives each of the three that paper 2 says win by it, against the same energy bought
 * from and sold to the grid (P2-19). Below 0 for one that loses.
 *
 * @param user what the buyer saves against the retail price
 * @param producer what the seller gets above the feed-in price
 * @param grid the fees, less the margin that the grid no longer earns on this energy
 */
public record Gains(long user, long producer, long grid) {
  /** One of the three. */
  public enum Party {
    USER,
    PRODUCER,
    GRID
  }

  /**
   * The agency's fee counts as the grid's. Throws {@link ArithmeticException} when a gain can't be
   * counted in a long.
   */
  public static Gains of(Trade trade, RevenueSplit.Fees fees, Tariffs tariffs) {
    WattHours energy = trade.energy();
    RevenueSplit split = RevenueSplit.of(trade.amount(), fees);
    return new Gains(
        Math.subtractExact(cost(tariffs.retail(), energy), trade.amount().value()),
        Math.subtractExact(split.producer().value(), cost(tariffs.feedIn(), energy)),
        Math.subtractExact(split.fees().value(), cost(tariffs.margin(), energy)));
  }

  /**
   * What the grid asks and gives without this market.
   *
   * @param retail its price per kWh to users
   * @param feedIn its price per kWh to producers, no more than {@code retail}
   * @param margin what it earns per kWh between the two after its own cost, at most their
   *     difference
   */
  public record Tariffs(Amount retail, Amount feedIn, Amount margin) {
    public Tariffs {
      if (feedIn.compareTo(retail) > 0) {
        throw new IllegalArgumentException("the feed-in price is above the retail price");
      }
      if (margin.compareTo(retail.minusOrZero(feedIn)) > 0) {
        throw new IllegalArgumentException("the margin is more than retail less feed-in price");
      }
    }
  }

  /** Who loses by the trade; empty where all three win or are as before. */
  public List<Party> losers() {
    List<Party> losers = new ArrayList<>();
    if (user < 0) {
      losers.add(Party.USER);
    }
    if (producer < 0) {
      losers.add(Party.PRODUCER);
    }
    if (grid < 0) {
      losers.add(Party.GRID);
    }
    return losers;
  }

  private static long cost(Amount pricePerKwh, WattHours energy) {
    return TradePrice.of(pricePerKwh).amount(energy).value();
  }
}
