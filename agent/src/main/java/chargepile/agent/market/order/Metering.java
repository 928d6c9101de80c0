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
  /** No evidence came: the meter is the seller's, so the seller has delivered nothing. */
  public static final Metering NOTHING = new Metering(WattHours.ZERO, WattHours.ZERO, Amount.ZERO);

  public Metering {
    if (available.compareTo(taken) < 0) {
      throw new IllegalArgumentException("what was taken was available");
    }
  }
}
