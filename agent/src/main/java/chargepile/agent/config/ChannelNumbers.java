package chargepile.agent.config;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;

/**
 * The numbers of a channel, by their BOLT 2 names.
 *
 * @param minimumCapacity the smallest channel to open or accept
 * @param maximumCapacity the largest
 * @param toSelfDelay blocks that the peer must wait for its own money after it closes alone: the
 *     outage that this side survives
 * @param maximumToSelfDelay the most blocks that this side lets itself be made to wait
 * @param dustLimit outputs below it are left out of our commitment
 * @param channelReservePerMille what the peer must keep for itself, in thousandths of the capacity
 * @param minimumFeerate the lowest feerate of a commitment to accept
 * @param maximumFeerate the highest
 * @param minimumDepth confirmations of the funding transaction before the channel is used
 * @param finalDepth confirmations after which nothing is expected to be undone
 */
public record ChannelNumbers(
    Satoshi minimumCapacity,
    Satoshi maximumCapacity,
    int toSelfDelay,
    int maximumToSelfDelay,
    Satoshi dustLimit,
    int channelReservePerMille,
    Amount maxHtlcValueInFlight,
    int maxAcceptedHtlcs,
    Amount htlcMinimum,
    Feerate minimumFeerate,
    Feerate maximumFeerate,
    int minimumDepth,
    int finalDepth) {
  private static final long THOUSAND = 1000;

  /** The {@code channel_reserve_satoshis} of a channel of this capacity, rounded down. */
  public Satoshi reserve(Satoshi capacity) {
    return new Satoshi(
        Math.multiplyExact(capacity.value(), (long) channelReservePerMille) / THOUSAND);
  }
}
