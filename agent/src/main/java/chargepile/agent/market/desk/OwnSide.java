package chargepile.agent.market.desk;

import chargepile.agent.market.order.eip712.OrderKey;
import java.util.Map;

/**
 * What the own node knows that the chain does not show.
 *
 * @param inService whether it could deliver, or take, now
 * @param occupied whether a session is under way, of an order or of none
 * @param unbroken whether it has been running since the last look
 * @param delivered by order, where there was a session of it
 * @param testimony by order, where the other party has signed something
 */
public record OwnSide(
    boolean inService,
    boolean occupied,
    boolean unbroken,
    Map<OrderKey, Delivered> delivered,
    Map<OrderKey, Testimony> testimony) {
  public OwnSide {
    delivered = Map.copyOf(delivered);
    testimony = Map.copyOf(testimony);
  }

  /** Whether the order's energy could flow, or does. */
  boolean serves(OrderView order) {
    return inService && (!occupied || of(order).underWay());
  }

  Delivered of(OrderView order) {
    return delivered.getOrDefault(order.key(), Delivered.NOTHING);
  }

  Testimony testimonyOf(OrderView order) {
    return testimony.getOrDefault(order.key(), Testimony.NONE);
  }
}
