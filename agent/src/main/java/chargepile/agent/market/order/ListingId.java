package chargepile.agent.market.order;

/**
 * Names a seller's listing for good.
 *
 * @param value 0 or more
 */
public record ListingId(long value) {
  public ListingId {
    if (value < 0) {
      throw new IllegalArgumentException("listing id below zero: " + value);
    }
  }
}
