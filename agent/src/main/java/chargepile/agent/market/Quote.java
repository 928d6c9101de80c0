package chargepile.agent.market;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;

/**
 * What a trader wants to sell or buy, and for how much (P1-02: S_EP and ES, or P_EP and EP). Good
 * until the end of its trading cycle (P1-03).
 *
 * @param pricePerKwh the least that a seller takes, the most that a buyer gives; in the ledger's
 *     smallest unit, at most {@link #HIGHEST_PRICE}
 * @param energy more than 0, at most {@link #MOST_ENERGY}
 */
public record Quote(QuoteId id, Trader trader, Side side, Amount pricePerKwh, WattHours energy) {
  public static final Amount HIGHEST_PRICE = new Amount(9_000_000_000_000_000L);

  /** A terawatt-hour: nine million such quotes still add up in a long. */
  public static final WattHours MOST_ENERGY = new WattHours(1_000_000_000_000L);

  /**
   * @throws IllegalArgumentException when a value is out of its range, or all of the energy at this
   *     price costs more than an {@link Amount} can hold
   */
  public Quote {
    if (pricePerKwh.compareTo(HIGHEST_PRICE) > 0) {
      throw new IllegalArgumentException(
          "a price is at most %d per kWh, not %d"
              .formatted(HIGHEST_PRICE.value(), pricePerKwh.value()));
    }
    if (energy.value() == 0 || energy.compareTo(MOST_ENERGY) > 0) {
      throw new IllegalArgumentException(
          "the energy of a quote is 1 to %d Wh, not %d"
              .formatted(MOST_ENERGY.value(), energy.value()));
    }
    try {
      TradePrice.of(pricePerKwh).amount(energy);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "%d Wh at %d per kWh cost more than can be counted"
              .formatted(energy.value(), pricePerKwh.value()),
          e);
    }
  }
}
