package chargepile.agent.market.desk;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.WattHours;

/**
 * What the own sessions of an order have come to.
 *
 * @param energy by the meter
 * @param paid in the channel, as both signed
 * @param underWay whether a session of it may still go on
 */
public record Delivered(MilliWattHours energy, Amount paid, boolean underWay) {
  public static final Delivered NOTHING = new Delivered(MilliWattHours.ZERO, Amount.ZERO, false);

  /** Whole watt-hours: what is below one is nobody's. */
  WattHours whole() {
    return new WattHours(energy.value() / 1000);
  }

  /** With what another session of the order came to. */
  public Delivered plus(Delivered other) {
    return new Delivered(
        energy.plus(other.energy), paid.plus(other.paid), underWay || other.underWay);
  }
}
