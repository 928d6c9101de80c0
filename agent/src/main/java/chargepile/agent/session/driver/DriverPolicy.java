package chargepile.agent.session.driver;

import chargepile.agent.session.ChainSight;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a driver agrees to.
 *
 * @param highestPrice for a kilowatt-hour into the car
 * @param highestMinutePrice for a minute of charging
 * @param lowestPrice for a kilowatt-hour out of the car
 * @param largestIncrement the most energy of one update
 * @param directions those it wants; not empty
 * @param limits what a session must not exceed; its power is the most the pile may be rated at
 * @param tolerance energy that may flow past a bound while the pile's contactor opens
 * @param funding how it opens a channel when there is none; empty leaves that to the pile
 * @param closeTimeout how long a cooperative close may take
 * @param pileTimeout how long a silent pile is waited for before the session counts as ended
 * @param grace how long it charges on while the chain is out of sight; 0 stops at once
 */
public record DriverPolicy(
    Amount highestPrice,
    Amount highestMinutePrice,
    Amount lowestPrice,
    MilliWattHours largestIncrement,
    Set<Direction> directions,
    Limits limits,
    MilliWattHours tolerance,
    Optional<Opening> funding,
    Duration closeTimeout,
    Duration pileTimeout,
    Duration grace) {
  public DriverPolicy {
    directions = Set.copyOf(directions);
    if (directions.isEmpty()) {
      throw new IllegalArgumentException("no direction is wanted");
    }
  }

  /** With the usual grace. */
  public DriverPolicy(
      Amount highestPrice,
      Amount highestMinutePrice,
      Amount lowestPrice,
      MilliWattHours largestIncrement,
      Set<Direction> directions,
      Limits limits,
      MilliWattHours tolerance,
      Optional<Opening> funding,
      Duration closeTimeout,
      Duration pileTimeout) {
    this(
        highestPrice,
        highestMinutePrice,
        lowestPrice,
        largestIncrement,
        directions,
        limits,
        tolerance,
        funding,
        closeTimeout,
        pileTimeout,
        ChainSight.USUAL_GRACE);
  }

  public DriverPolicy with(Limits other) {
    return new DriverPolicy(
        highestPrice,
        highestMinutePrice,
        lowestPrice,
        largestIncrement,
        directions,
        other,
        tolerance,
        funding,
        closeTimeout,
        pileTimeout,
        grace);
  }

  public DriverPolicy withGrace(Duration other) {
    return new DriverPolicy(
        highestPrice,
        highestMinutePrice,
        lowestPrice,
        largestIncrement,
        directions,
        limits,
        tolerance,
        funding,
        closeTimeout,
        pileTimeout,
        other);
  }

  /** A channel to open. */
  public sealed interface Opening {
    /**
     * What opens it.
     *
     * @param entropy random, for this opening alone
     */
    LegEvent event(ByteVector32 entropy);
  }

  /**
   * A penalty channel on Bitcoin.
   *
   * @param push what the pile gets at once
   */
  public record Funding(Satoshi capacity, Amount push, Feerate feerate) implements Opening {
    @Override
    public LegEvent event(ByteVector32 entropy) {
      return LegEvent.open(new ChannelId(entropy), capacity, push, feerate);
    }
  }

  /**
   * A voucher channel on an EVM chain.
   *
   * @param amount what this side puts into it
   */
  public record Deposit(Amount amount) implements Opening {
    @Override
    public LegEvent event(ByteVector32 entropy) {
      return LegEvent.open(
          ByteBuffer.wrap(entropy.toByteArray()).getLong() & Long.MAX_VALUE, amount);
    }
  }
}
