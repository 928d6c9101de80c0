package chargepile.agent.web;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import java.util.List;

/**
 * What does not change while a pile runs.
 *
 * @param version of the program
 * @param address what a driver scans
 * @param network the chain's, in lower case
 * @param toSelfDelay blocks within which a cheat is punished
 * @param faults the names of all that there can be
 * @param phases the names of all phases of a session
 */
public record Nameplate(
    String pile,
    String version,
    String address,
    String network,
    long ratedPowerWatts,
    Price price,
    MilliWattHours increment,
    MilliWattHours credit,
    int toSelfDelay,
    List<String> faults,
    List<String> phases) {
  public Nameplate {
    faults = List.copyOf(faults);
    phases = List.copyOf(phases);
  }

  /** Millisatoshi for a kilowatt-hour into the car, for one out of it, and for a minute. */
  public record Price(Amount importPerKwh, Amount exportPerKwh, Amount perMinute) {}
}
