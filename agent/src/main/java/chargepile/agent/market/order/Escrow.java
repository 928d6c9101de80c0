package chargepile.agent.market.order;

import chargepile.agent.units.Amount;

/** What is held of each side. */
public record Escrow(Amount buyer, Amount seller) {
  public static final Escrow NONE = new Escrow(Amount.ZERO, Amount.ZERO);

  public Amount total() {
    return buyer.plus(seller);
  }

  /** Whether neither side has less in it than in {@code required}. */
  public boolean covers(Escrow required) {
    return buyer.compareTo(required.buyer) >= 0 && seller.compareTo(required.seller) >= 0;
  }
}
