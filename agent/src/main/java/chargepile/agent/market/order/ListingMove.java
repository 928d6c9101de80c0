package chargepile.agent.market.order;

/**
 * What an order does to the listing that it is from: taken once, at its confirmation, and then
 * either given back once or sold.
 */
public sealed interface ListingMove {
  ListingId listing();

  OrderId order();

  /**
   * The confirmation takes the energy (P2-07). If the listing refuses it, the event that asked for
   * it has not happened.
   */
  record Take(ListingVersion from, OrderTerms terms) implements ListingMove {
    @Override
    public ListingId listing() {
      return from.id();
    }

    @Override
    public OrderId order() {
      return terms.id();
    }
  }

  /** The order was rejected or expired. */
  record GiveBack(ListingId listing, OrderId order) implements ListingMove {}

  /** The order is settled: its energy is offered no more. */
  record Sell(ListingId listing, OrderId order) implements ListingMove {}
}
