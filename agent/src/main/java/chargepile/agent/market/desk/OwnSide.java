package chargepile.agent.market.desk;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.eip712.OrderKey;
import java.util.Map;
import java.util.Optional;

/**
 * What the own node knows that the chain does not show.
 *
 * @param inService whether it could deliver, or take, now
 * @param occupied whether a session is under way, of an order or of none, or the place is kept from
 *     buyers otherwise
 * @param occupant who occupies it, where that is known and its own doing
 * @param unbroken whether it has been running since the last look
 * @param delivered by order, where there was a session of it
 * @param testimony by order, where the other party has signed something
 */
public record OwnSide(
    boolean inService,
    boolean occupied,
    Optional<Trader> occupant,
    boolean unbroken,
    Map<OrderKey, Delivered> delivered,
    Map<OrderKey, Testimony> testimony) {
  public OwnSide {
    delivered = Map.copyOf(delivered);
    testimony = Map.copyOf(testimony);
  }

  /** One that does not know who occupies it. */
  public OwnSide(
      boolean inService,
      boolean occupied,
      boolean unbroken,
      Map<OrderKey, Delivered> delivered,
      Map<OrderKey, Testimony> testimony) {
    this(inService, occupied, Optional.empty(), unbroken, delivered, testimony);
  }

  /** Whether the order's energy could flow, or does; a buyer is in nobody's way but others'. */
  boolean serves(OrderView order) {
    return inService && (!occupied || occupant.filter(order.terms().buyer()::equals).isPresent());
  }

  Delivered of(OrderView order) {
    return delivered.getOrDefault(order.key(), Delivered.NOTHING);
  }

  Testimony testimonyOf(OrderView order) {
    return testimony.getOrDefault(order.key(), Testimony.NONE);
  }
}
