package chargepile.agent.market.desk;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.eip712.OrderKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the own node knows that the chain does not show.
 *
 * @param clock what the own clock says; {@link Instant#MAX} where the chain's is believed whatever
 *     it says
 * @param inService whether it could deliver, or take, now
 * @param occupied whether a session is under way, of an order or of none, or the place is kept from
 *     buyers otherwise
 * @param occupant who occupies it, where that is known and its own doing
 * @param unbroken whether it has been running since the last look
 * @param delivered by order, where there was a session of it
 * @param testimony by order, where the other party has signed something
 */
public record OwnSide(
    Instant clock,
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

  /** One without a clock. */
  public OwnSide(
      boolean inService,
      boolean occupied,
      Optional<Trader> occupant,
      boolean unbroken,
      Map<OrderKey, Delivered> delivered,
      Map<OrderKey, Testimony> testimony) {
    this(Instant.MAX, inService, occupied, occupant, unbroken, delivered, testimony);
  }

  /** One that does not know who occupies it, without a clock. */
  public OwnSide(
      boolean inService,
      boolean occupied,
      boolean unbroken,
      Map<OrderKey, Delivered> delivered,
      Map<OrderKey, Testimony> testimony) {
    this(inService, occupied, Optional.empty(), unbroken, delivered, testimony);
  }

  /** The same with a clock. */
  public OwnSide by(Instant time) {
    return new OwnSide(time, inService, occupied, occupant, unbroken, delivered, testimony);
  }

  /** The time that both the chain and the own clock have reached. */
  Instant believed(Instant chain) {
    return chain.isAfter(clock) ? clock : chain;
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
