package chargepile.agent.market.order;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector32;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a seller offers, for all to read (P2-05). What orders have taken of it stands in it by
 * order, so that nothing is taken or given back twice.
 *
 * @param version from 1; each amendment has the next, and an order is of the one it was asked for
 * @param open what is not promised yet
 * @param metadata hash of what else there is to say
 * @param withdrawn nothing more is sold of it
 * @param promised by orders that are confirmed and neither over nor settled
 */
public record Listing(
    ListingId id,
    int version,
    Trader seller,
    TradePrice price,
    EnergyType type,
    WattHours open,
    DeliveryWindow window,
    ByteVector32 metadata,
    boolean withdrawn,
    Map<OrderId, Promise> promised) {
  public Listing {
    if (version < 1) {
      throw new IllegalArgumentException("listing versions count from 1");
    }
    promised = Map.copyOf(promised);
  }

  /** What a confirmed order has taken, and of which version. */
  public record Promise(int version, WattHours energy) {}

  /** Why an order is not of this listing. */
  public enum Refusal {
    WITHDRAWN("the listing is withdrawn"),
    AMENDED("the listing was amended since: ask for it as it is now"),
    NOT_AS_OFFERED("seller, price, energy type or time are not those of the listing"),
    NOT_ENOUGH("so much energy is not open any more"),
    TAKEN("the order has taken its energy already");

    private final String text;

    Refusal(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** A new listing. */
  public static Listing publish(
      ListingId id,
      Trader seller,
      TradePrice price,
      EnergyType type,
      WattHours open,
      DeliveryWindow window,
      ByteVector32 metadata) {
    return new Listing(id, 1, seller, price, type, open, window, metadata, false, Map.of());
  }

  /** As an order of it names it. */
  public ListingVersion current() {
    return new ListingVersion(id, version);
  }

  /** The next version, with another price, energy and window; what is ordered already stays. */
  public Listing amend(TradePrice newPrice, WattHours newOpen, DeliveryWindow newWindow) {
    return new Listing(
        id,
        Math.addExact(version, 1),
        seller,
        newPrice,
        type,
        newOpen,
        newWindow,
        metadata,
        withdrawn,
        promised);
  }

  public Listing withdraw() {
    return new Listing(id, version, seller, price, type, open, window, metadata, true, promised);
  }

  /** Why {@link #take} does not take this order; empty when it does. */
  public Optional<Refusal> refusal(ListingVersion from, OrderTerms order) {
    if (promised.containsKey(order.id())) {
      return Optional.of(Refusal.TAKEN);
    }
    if (withdrawn) {
      return Optional.of(Refusal.WITHDRAWN);
    }
    if (!from.equals(current())) {
      return Optional.of(Refusal.AMENDED);
    }
    if (!order.seller().equals(seller)
        || !order.price().equals(price)
        || !order.type().equals(type)
        || order.window().start().isBefore(window.start())
        || order.window().end().isAfter(window.end())) {
      return Optional.of(Refusal.NOT_AS_OFFERED);
    }
    return order.energy().compareTo(open) > 0 ? Optional.of(Refusal.NOT_ENOUGH) : Optional.empty();
  }

  /**
   * With less open, as a confirmation takes it (P2-07).
   *
   * @throws IllegalArgumentException when there is a {@link #refusal}
   */
  public Listing take(ListingVersion from, OrderTerms order) {
    refusal(from, order)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why.text());
            });
    Map<OrderId, Promise> more = new HashMap<>(promised);
    more.put(order.id(), new Promise(version, order.energy()));
    return with(open.minus(order.energy()), more);
  }

  /**
   * With more open again, as an order that was rejected or expired gives it back: once, and only to
   * the version that it took it from. An amendment has said anew how much is open.
   */
  public Listing giveBack(OrderId order) {
    Promise promise = promised.get(order);
    if (promise == null) {
      return this;
    }
    WattHours back = promise.version() == version ? promise.energy() : WattHours.ZERO;
    return with(open.plus(back), without(order));
  }

  /** Without the promise, as a settled order leaves it. */
  public Listing sell(OrderId order) {
    return with(open, without(order));
  }

  private Map<OrderId, Promise> without(OrderId order) {
    Map<OrderId, Promise> fewer = new HashMap<>(promised);
    fewer.remove(order);
    return fewer;
  }

  private Listing with(WattHours energy, Map<OrderId, Promise> promises) {
    return new Listing(
        id, version, seller, price, type, energy, window, metadata, withdrawn, promises);
  }
}
