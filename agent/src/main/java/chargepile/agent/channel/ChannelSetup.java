package chargepile.agent.channel;

import chargepile.agent.crypto.Basepoints;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;

/**
 * What both sides fixed when the channel was opened.
 *
 * @param keyIndex index of the own keys under the own seed
 * @param funder whether this side funds the channel and pays its fees
 * @param metering whether this side meters the energy and claims the money for it
 */
public record ChannelSetup(
    ByteVector32 chainHash,
    long keyIndex,
    boolean funder,
    boolean metering,
    Satoshi capacity,
    int minimumDepth,
    Party local,
    Party remote) {

  /**
   * One side's keys and numbers.
   *
   * @param dustLimit of its own commitment transaction
   * @param reserve what it must keep, as the other side asked
   * @param toSelfDelay blocks it must wait after publishing its commitment, as the other side asked
   * @param htlcs what it takes of the other side's HTLCs
   * @param shutdownScript where its money goes at a cooperative close, if fixed at the opening;
   *     otherwise empty
   */
  public record Party(
      Basepoints basepoints,
      Satoshi dustLimit,
      Satoshi reserve,
      int toSelfDelay,
      HtlcLimits htlcs,
      ByteVector shutdownScript) {}

  /**
   * The HTLCs that a side takes (BOLT 2).
   *
   * @param minimum of one, {@code htlc_minimum_msat}
   * @param maximumInFlight of all at once, {@code max_htlc_value_in_flight_msat}
   * @param maximumCount {@code max_accepted_htlcs}
   */
  public record HtlcLimits(Amount minimum, Amount maximumInFlight, int maximumCount) {}

  public Party funderParty() {
    return funder ? local : remote;
  }

  public Party fundeeParty() {
    return funder ? remote : local;
  }
}
