package chargepile.agent.market.desk;

import chargepile.agent.market.Side;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.util.Optional;

/**
 * How a pile sells.
 *
 * @param price what it asks, round by round; its bound is the floor of every order
 * @param perCycle what it offers in a trading cycle; 0 quotes nothing
 * @param listing empty keeps no listing
 * @param onDefault the dearest rule it agrees to
 * @param announces whether it announces the matches of a round when nobody did (P1-04)
 * @param lead from when it confirms an order to the delivery, at least; the agency may want more
 * @param collectFrom the least that it withdraws at once, above 0
 */
public record PilePolicy(
    PilePoint point,
    PricePolicy price,
    WattHours perCycle,
    Optional<Shop> listing,
    DefaultPolicy onDefault,
    boolean announces,
    Duration lead,
    Amount collectFrom) {
  public PilePolicy {
    if (price.side() != Side.ASK) {
      throw new IllegalArgumentException("a pile that sells asks");
    }
    if (collectFrom.value() == 0) {
      throw new IllegalArgumentException("nothing can't be withdrawn");
    }
  }

  /** One that leaves it to the agency how soon it delivers. */
  public PilePolicy(
      PilePoint point,
      PricePolicy price,
      WattHours perCycle,
      Optional<Shop> listing,
      DefaultPolicy onDefault,
      boolean announces,
      Amount collectFrom) {
    this(point, price, perCycle, listing, onDefault, announces, Duration.ZERO, collectFrom);
  }

  /**
   * The one listing that is kept published (P2-05).
   *
   * @param pricePerKwh the tariff's
   * @param energy that is open when it is published or amended
   * @param validity how far ahead its window reaches; it is amended when half of that is left
   */
  public record Shop(Amount pricePerKwh, WattHours energy, Duration validity) {
    Shop of(WattHours other) {
      return new Shop(pricePerKwh, other, validity);
    }
  }
}
