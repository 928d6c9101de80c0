package chargepile.agent.market.order;

/**
 * The listing, as it stood, that an order was asked for (P2-06): an amendment makes another, and no
 * order is confirmed of what its buyer did not see.
 *
 * @param version from 1
 */
public record ListingVersion(ListingId id, int version) {
  public ListingVersion {
    if (version < 1) {
      throw new IllegalArgumentException("listing versions count from 1");
    }
  }
}
