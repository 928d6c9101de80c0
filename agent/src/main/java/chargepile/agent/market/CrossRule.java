package chargepile.agent.market;

import chargepile.agent.units.Amount;

/** When the highest bid and the lowest ask trade (P1-38). */
public enum CrossRule {
  /** Only when the bid is above the ask: paper 1's words, and the default. */
  STRICT,
  /** Also when they are equal, as exchanges do. */
  WEAK;

  public boolean crosses(Amount ask, Amount bid) {
    return crosses(ask.value(), bid.value());
  }

  boolean crosses(long ask, long bid) {
    return bid > ask || (bid == ask && this == WEAK);
  }
}
