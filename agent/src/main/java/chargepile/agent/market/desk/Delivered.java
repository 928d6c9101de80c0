package chargepile.agent.market.desk;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.WattHours;

/**
 * What the own sessions of an order have come to.
 *
 * @param ended by the meter, in sessions that are over
 * @param running in the one that is not
 * @param paid in the channel, in all of them, as both signed
 * @param underWay whether a session of it may still go on
 */
public record Delivered(
    MilliWattHours ended, MilliWattHours running, Amount paid, boolean underWay) {
  public static final Delivered NOTHING = ended(MilliWattHours.ZERO, Amount.ZERO);

  /** By a session that is over. */
  public static Delivered ended(MilliWattHours energy, Amount paid) {
    return new Delivered(energy, MilliWattHours.ZERO, paid, false);
  }

  /** By a session that goes on. */
  public static Delivered running(MilliWattHours energy, Amount paid) {
    return new Delivered(MilliWattHours.ZERO, energy, paid, true);
  }

  public MilliWattHours energy() {
    return ended.plus(running);
  }

  /** Whole watt-hours: what is below one is nobody's. */
  WattHours whole() {
    return new WattHours(energy().value() / 1000);
  }

  /** With what another session of the order came to. */
  public Delivered plus(Delivered other) {
    return new Delivered(
        ended.plus(other.ended),
        running.plus(other.running),
        paid.plus(other.paid),
        underWay || other.underWay);
  }
}
