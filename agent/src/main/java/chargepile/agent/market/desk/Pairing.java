package chargepile.agent.market.desk;

import chargepile.agent.market.QuoteId;

/** The two quotes of a match: it makes one order at most (P1-04). */
public record Pairing(QuoteId ask, QuoteId bid) {
  /** Such as {@code 3-4}. */
  @Override
  public String toString() {
    return ask + "-" + bid;
  }
}
