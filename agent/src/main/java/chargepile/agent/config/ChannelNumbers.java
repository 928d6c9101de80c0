package chargepile.agent.config;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;

/**
 * The numbers of a channel, by their BOLT 2 names.
 *
 * @param funder who puts the money in
 * @param minimumCapacity the smallest channel to open or accept
 * @param maximumCapacity the largest
 * @param toSelfDelay blocks that the peer must wait for its own money after it closes alone: the
 *     outage that this side survives
 * @param maximumToSelfDelay the most blocks that this side lets itself be made to wait
 * @param dustLimit outputs below it are left out of our commitment
 * @param channelReservePpm what the peer must keep for itself, in millionths of the capacity
 * @param minimumFeerate the lowest feerate of a commitment to accept
 * @param maximumFeerate the highest
 * @param cltvExpiryDelta blocks between the time locks of two hops
 * @param minimumDepth confirmations of the funding transaction before the channel is used
 */
public record ChannelNumbers(
    Funder funder,
    Satoshi minimumCapacity,
    Satoshi maximumCapacity,
    int toSelfDelay,
    int maximumToSelfDelay,
    Satoshi dustLimit,
    int channelReservePpm,
    Amount maxHtlcValueInFlight,
    int maxAcceptedHtlcs,
    Amount htlcMinimum,
    Feerate minimumFeerate,
    Feerate maximumFeerate,
    int cltvExpiryDelta,
    int minimumDepth) {
  private static final long MILLION = 1_000_000;

  /** Who funds a channel. */
  public enum Funder {
    DRIVER,
    PILE
  }

  /** The {@code channel_reserve_satoshis} of a channel of this capacity, rounded down. */
  public Satoshi reserve(Satoshi capacity) {
    return new Satoshi(Math.multiplyExact(capacity.value(), (long) channelReservePpm) / MILLION);
  }
}
