package chargepile.agent.market;

/** Which side of the book a quote is on: a matter of the quote, not of who makes it (P1-01). */
public enum Side {
  /** Sells energy. */
  ASK,
  /** Buys energy. */
  BID;

  public Side opposite() {
    return switch (this) {
      case ASK -> BID;
      case BID -> ASK;
    };
  }
}
