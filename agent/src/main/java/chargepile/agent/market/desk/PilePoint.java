package chargepile.agent.market.desk;

import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.units.EvmAddress;

/**
 * A pile as orders name it.
 *
 * @param meter the account of the key that signs its meter's records
 * @param ratedPowerWatts as it is registered, more than 0
 */
public record PilePoint(PileId pile, FeederId feeder, EvmAddress meter, long ratedPowerWatts) {
  public PilePoint {
    if (ratedPowerWatts < 1) {
      throw new IllegalArgumentException("rated power of " + ratedPowerWatts + " W");
    }
  }
}
