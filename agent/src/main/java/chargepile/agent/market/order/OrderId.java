package chargepile.agent.market.order;

/**
 * Names an order for good.
 *
 * @param value 0 or more
 */
public record OrderId(long value) {
  public OrderId {
    if (value < 0) {
      throw new IllegalArgumentException("order id below zero: " + value);
    }
  }
}
