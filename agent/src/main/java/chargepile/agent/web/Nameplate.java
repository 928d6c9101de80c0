package chargepile.agent.web;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.List;

/**
 * What does not change while a pile runs.
 *
 * @param version of the program
 * @param address what a driver scans
 * @param network the chain's, in lower case
 * @param outage that the pile survives without being cheated
 * @param money what it is paid in
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
    Outage outage,
    Denomination money,
    List<String> faults,
    List<String> phases) {
  public Nameplate {
    faults = List.copyOf(faults);
    phases = List.copyOf(phases);
  }

  /** How long a cheat can still be answered. */
  public sealed interface Outage {
    /** The {@code to_self_delay} of a penalty channel. */
    record Blocks(int number) implements Outage {}

    /** The challenge period of a voucher channel. */
    record Time(Duration length) implements Outage {}
  }

  /**
   * In the smallest unit of the money for a kilowatt-hour into the car, for one out of it, and for
   * a minute.
   */
  public record Price(Amount importPerKwh, Amount exportPerKwh, Amount perMinute) {}
}
