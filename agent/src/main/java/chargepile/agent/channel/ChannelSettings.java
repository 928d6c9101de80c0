package chargepile.agent.channel;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector32;

/**
 * What a party asks of its channels and what it puts up with; names and meaning are BOLT 2's.
 *
 * @param chainHash genesis block hash of the network
 * @param capacity the capacities it opens or accepts
 * @param feerate the commitment feerates it accepts
 * @param dustLimit below this its own commitment has no output
 * @param reservePerMille the part of the capacity each side must always keep, in thousandths
 * @param toSelfDelay blocks the peer must wait for its own money after a unilateral close (P1-25)
 * @param maximumToSelfDelay the longest such wait it accepts for itself
 * @param minimumDepth confirmations of the funding transaction before the channel is used
 * @param finalDepth confirmations after which nothing is expected to be reorganised
 * @param htlcMinimum the smallest HTLC it accepts
 * @param maxHtlcValueInFlight the most it lets the peer have in HTLCs
 * @param maxAcceptedHtlcs the most HTLCs it lets the peer offer, up to 483
 */
public record ChannelSettings(
    ByteVector32 chainHash,
    CapacityBounds capacity,
    FeerateBounds feerate,
    Satoshi dustLimit,
    int reservePerMille,
    int toSelfDelay,
    int maximumToSelfDelay,
    int minimumDepth,
    int finalDepth,
    Amount htlcMinimum,
    Amount maxHtlcValueInFlight,
    int maxAcceptedHtlcs) {

  /** Capacities, both ends included. */
  public record CapacityBounds(Satoshi minimum, Satoshi maximum) {
    boolean admits(Satoshi capacity) {
      return capacity.compareTo(minimum) >= 0 && capacity.compareTo(maximum) <= 0;
    }
  }

  /** Feerates, both ends included. */
  public record FeerateBounds(Feerate minimum, Feerate maximum) {
    boolean admits(Feerate feerate) {
      return feerate.compareTo(minimum) >= 0 && feerate.compareTo(maximum) <= 0;
    }

    Feerate clamp(Feerate feerate) {
      if (feerate.compareTo(minimum) < 0) {
        return minimum;
      }
      return feerate.compareTo(maximum) > 0 ? maximum : feerate;
    }
  }

  /** What this side takes of the peer's HTLCs. */
  ChannelSetup.HtlcLimits htlcLimits() {
    return new ChannelSetup.HtlcLimits(htlcMinimum, maxHtlcValueInFlight, maxAcceptedHtlcs);
  }

  /** The reserve of a channel of this capacity; never below the dust limits (BOLT 2). */
  Satoshi reserve(Satoshi capacity, Satoshi largerDustLimit) {
    Satoshi share = new Satoshi(capacity.value() * reservePerMille / 1000);
    return share.compareTo(largerDustLimit) < 0 ? largerDustLimit : share;
  }
}
