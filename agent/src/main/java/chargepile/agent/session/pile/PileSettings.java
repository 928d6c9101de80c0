package chargepile.agent.session.pile;

import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.ChainSight;
import chargepile.agent.session.Exposure;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.Set;

/**
 * How a pile sells.
 *
 * @param directions the ways energy may flow; not empty
 * @param peerTimeout how long a silent driver is waited for before the session ends
 * @param offerTimeout how long an offer stands
 * @param closeTimeout how long a cooperative close may take
 * @param storeEvery how long registers may go unstored while the car is plugged in
 * @param storeEveryEnergy how much energy may
 * @param closeAfterSession whether a channel ends with its session
 * @param closeWhenSilent whether the channel of a driver that fell silent is closed alone
 * @param grace how long energy is sold on while the chain is out of sight; 0 stops at once
 */
public record PileSettings(
    MeterSettings meter,
    PlausibilityLimits plausibility,
    Tariff tariff,
    Exposure exposure,
    Set<Direction> directions,
    Switching switching,
    Duration peerTimeout,
    Duration offerTimeout,
    Duration closeTimeout,
    Duration storeEvery,
    MilliWattHours storeEveryEnergy,
    boolean closeAfterSession,
    boolean closeWhenSilent,
    Duration grace) {
  public PileSettings {
    directions = Set.copyOf(directions);
  }

  /** With the usual grace. */
  public PileSettings(
      MeterSettings meter,
      PlausibilityLimits plausibility,
      Tariff tariff,
      Exposure exposure,
      Set<Direction> directions,
      Switching switching,
      Duration peerTimeout,
      Duration offerTimeout,
      Duration closeTimeout,
      Duration storeEvery,
      MilliWattHours storeEveryEnergy,
      boolean closeAfterSession,
      boolean closeWhenSilent) {
    this(
        meter,
        plausibility,
        tariff,
        exposure,
        directions,
        switching,
        peerTimeout,
        offerTimeout,
        closeTimeout,
        storeEvery,
        storeEveryEnergy,
        closeAfterSession,
        closeWhenSilent,
        ChainSight.USUAL_GRACE);
  }

  public PileSettings withGrace(Duration other) {
    return new PileSettings(
        meter,
        plausibility,
        tariff,
        exposure,
        directions,
        switching,
        peerTimeout,
        offerTimeout,
        closeTimeout,
        storeEvery,
        storeEveryEnergy,
        closeAfterSession,
        closeWhenSilent,
        other);
  }

  /**
   * The contactor's times.
   *
   * @param opening from the command to the last current
   * @param minimumOpen how long it stays open at least, so that it does not chatter
   * @param settle from the command to open until the meter's last pulse has been seen
   */
  public record Switching(Duration opening, Duration minimumOpen, Duration settle) {
    public static final Switching USUAL =
        new Switching(Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofSeconds(1));
  }
}
