package chargepile.agent.market.order;

/**
 * Names a seller's listing for good.
 *
 * @param value 0 or more
 */
public record ListingId(long value) implements Comparable<ListingId> {
  public ListingId {
    if (value < 0) {
      throw new IllegalArgumentException("listing id below zero: " + value);
    }
  }

  @Override
  public int compareTo(ListingId other) {
    return Long.compare(value, other.value);
  }
}
