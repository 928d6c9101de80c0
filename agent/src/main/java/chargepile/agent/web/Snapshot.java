package chargepile.agent.web;

import chargepile.agent.units.Amount;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A pile at one moment.
 *
 * @param silence how long the pile has not come to what it was asked; the rest is as old
 * @param powerWatts positive into the car, negative out of it; empty when not known
 * @param importEnergy the meter's lifetime register
 * @param exportEnergy likewise, out of the car
 * @param lostEdges of the meter's lines, that were never seen, since the start
 * @param session the one under way, or the last one until the car is unplugged
 * @param channels those that the chain has not settled
 * @param drivers how many have a link
 * @param failure what stopped the pile for good
 */
public record Snapshot(
    Instant at,
    Duration silence,
    boolean plugged,
    boolean contactorClosed,
    OptionalLong powerWatts,
    MilliWattHours importEnergy,
    MilliWattHours exportEnergy,
    long lostEdges,
    Optional<Session> session,
    List<Channel> channels,
    int drivers,
    Watch watch,
    boolean brokerConnected,
    List<Fault> faults,
    Optional<String> failure) {
  public Snapshot {
    channels = List.copyOf(channels);
    faults = List.copyOf(faults);
  }

  /**
   * What keeps the pile from selling.
   *
   * @param remedy what to do about it
   */
  public record Fault(String name, String remedy) {}

  /**
   * A charging session.
   *
   * @param driver the node id, in hexadecimal
   * @param phase its name
   * @param text why it is paused or over; empty when there is nothing to say
   * @param over whether nothing more flows or is paid in it
   * @param charged how long the contactor was closed
   * @param mostUnpaid the most that was ever delivered and not paid
   * @param updates increments that both signed
   */
  public record Session(
      String id,
      String driver,
      String phase,
      String text,
      boolean over,
      Flow imported,
      Flow exported,
      Duration charged,
      MilliWattHours mostUnpaid,
      long updates) {
    /** What was delivered and not paid yet, of either direction. */
    public MilliWattHours unpaid() {
      MilliWattHours into = imported.unpaid();
      MilliWattHours out = exported.unpaid();
      return into.compareTo(out) >= 0 ? into : out;
    }
  }

  /**
   * Energy in one direction.
   *
   * @param delivered by the meter
   * @param paid what both signed for
   * @param amount that went over for it
   */
  public record Flow(MilliWattHours delivered, MilliWattHours paid, Amount amount) {
    public static final Flow NONE = new Flow(MilliWattHours.ZERO, MilliWattHours.ZERO, Amount.ZERO);

    MilliWattHours unpaid() {
      return delivered.minusOrZero(paid);
    }
  }

  /**
   * A channel with a driver.
   *
   * @param driver the node id, in hexadecimal
   * @param stage the name of the stage of its life
   * @param connected whether the driver has a link now
   * @param local the pile's balance, before fees
   * @param remote the driver's
   * @param commitment the number of the pile's own
   */
  public record Channel(
      String id,
      String driver,
      String stage,
      boolean connected,
      Amount capacity,
      Amount local,
      Amount remote,
      long commitment) {}

  /**
   * The watch over the chain.
   *
   * @param tip the height of the last block that was looked at; empty before the first look
   * @param lookedAt when the chain last answered
   * @param trouble why it does not at the moment
   * @param selling whether new energy is sold
   * @param deadline the first block by which something must have been done
   */
  public record Watch(
      OptionalInt tip,
      Optional<Feerate> feerate,
      Optional<Instant> lookedAt,
      Optional<String> trouble,
      boolean selling,
      Optional<Deadline> deadline) {}

  /** A block before which something must have been done, and what. */
  public record Deadline(BlockHeight at, String what) {}
}
