package chargepile.agent.channel;

import chargepile.agent.crypto.Basepoints;
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
   * @param shutdownScript where its money goes at a cooperative close, if fixed at the opening;
   *     otherwise empty
   */
  public record Party(
      Basepoints basepoints,
      Satoshi dustLimit,
      Satoshi reserve,
      int toSelfDelay,
      ByteVector shutdownScript) {}

  public Party funderParty() {
    return funder ? local : remote;
  }

  public Party fundeeParty() {
    return funder ? remote : local;
  }
}
