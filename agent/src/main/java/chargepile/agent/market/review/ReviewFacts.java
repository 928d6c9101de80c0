package chargepile.agent.market.review;

import chargepile.agent.market.order.Escrow;
import chargepile.agent.market.order.OrderTerms;

/**
 * What is known of an order's parties when it is reviewed.
 *
 * @param ratedPowerW of the order's pile as {@link OrderTerms#meteredBy()} has registered it; 0
 *     where that party has no such pile
 * @param meterIsThePiles whether the meter that both sides take as evidence is the one that is
 *     certified for the pile
 * @param escrow what is locked
 */
public record ReviewFacts(
    Standing seller, Standing buyer, long ratedPowerW, boolean meterIsThePiles, Escrow escrow) {
  /** A party's standing with the registry. */
  public enum Standing {
    UNKNOWN,
    REGISTERED,
    SUSPENDED
  }

  boolean bothMayTrade() {
    return seller == Standing.REGISTERED && buyer == Standing.REGISTERED;
  }
}
