package chargepile.agent.market.order.eip712;

import chargepile.agent.market.QuoteId;

/**
 * The match that an order is made of (P1-04).
 *
 * @param ask the arrival of the seller's quote, 1 or more
 * @param bid of the buyer's
 */
public record MatchedQuotes(QuoteId ask, QuoteId bid) {
  public MatchedQuotes {
    if (ask.value() == 0 || bid.value() == 0) {
      throw new IllegalArgumentException("quotes on the chain count from 1");
    }
  }
}
