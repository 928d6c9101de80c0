package chargepile.agent.session.wire;

import chargepile.agent.energy.Tariff;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;
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
 * @param meterKey what the meter's records are signed with; empty where the meter signs none
 */
public record SessionOffer(
    SessionId sessionId,
    Tariff tariff,
    MilliWattHours increment,
    MilliWattHours credit,
    Set<Direction> directions,
    MilliWattHours importRegister,
    MilliWattHours exportRegister,
    long ratedPowerWatts,
    Optional<PublicKey> meterKey)
    implements SessionMessage {
  /** One of a pile whose meter signs nothing. */
  public SessionOffer(
      SessionId sessionId,
      Tariff tariff,
      MilliWattHours increment,
      MilliWattHours credit,
      Set<Direction> directions,
      MilliWattHours importRegister,
      MilliWattHours exportRegister,
      long ratedPowerWatts) {
    this(
        sessionId,
        tariff,
        increment,
        credit,
        directions,
        importRegister,
        exportRegister,
        ratedPowerWatts,
        Optional.empty());
  }

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

  /** What the meter's register showed at the start. */
  public MilliWattHours register(Direction direction) {
    return switch (direction) {
      case IMPORT -> importRegister;
      case EXPORT -> exportRegister;
    };
  }
}
