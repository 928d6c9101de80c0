package chargepile.agent.session.wire;

import chargepile.agent.energy.Tariff;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import java.util.Set;

/**
 * {@code session_offer} (type 32771), pile to driver: the terms of a session. Said again after a
 * lost link, unchanged.
 *
 * @param increment energy of one update of the channel, above 0
 * @param credit energy that may be delivered and not yet paid; 0 is prepaid
 * @param directions the ways the energy may flow; not empty
 * @param importRegister the meter's lifetime total at the start
 * @param exportRegister likewise, for energy out of the car
 * @param ratedPowerWatts the most that the pile delivers or takes back, 1 to 4,294,967,295
 */
public record SessionOffer(
    SessionId sessionId,
    Tariff tariff,
    MilliWattHours increment,
    MilliWattHours credit,
    Set<Direction> directions,
    MilliWattHours importRegister,
    MilliWattHours exportRegister,
    long ratedPowerWatts)
    implements SessionMessage {
  public SessionOffer {
    directions = Set.copyOf(directions);
    if (increment.value() == 0) {
      throw new IllegalArgumentException("an increment of 0 mWh");
    }
    if (directions.isEmpty()) {
      throw new IllegalArgumentException("no direction is offered");
    }
    if (ratedPowerWatts < 1 || ratedPowerWatts > 0xffff_ffffL) {
      throw new IllegalArgumentException("rated power of " + ratedPowerWatts + " W");
    }
  }
}
