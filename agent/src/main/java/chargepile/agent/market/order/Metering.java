package chargepile.agent.market.order;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;

/**
 * What the meter's signed records show of an order (P2-11).
 *
 * @param available what the seller had ready within the window; at least {@code taken}
 * @param taken what flowed
 * @param paid what a channel has paid of it already; zero where the escrow pays all
 */
public record Metering(WattHours available, WattHours taken, Amount paid) {
  public Metering {
    if (available.compareTo(taken) < 0) {
      throw new IllegalArgumentException("what was taken was available");
    }
  }

  /**
   * What an order is settled by when no evidence came: whoever has the meter gains nothing by
   * keeping its records back. A seller with the meter has delivered nothing, a buyer with it has
   * been delivered everything.
   */
  static Metering withheld(OrderTerms terms) {
    WattHours energy = terms.meteredBy().equals(terms.buyer()) ? terms.energy() : WattHours.ZERO;
    return new Metering(energy, energy, Amount.ZERO);
  }
}
