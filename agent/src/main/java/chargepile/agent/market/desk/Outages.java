package chargepile.agent.market.desk;

import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.WattHours;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * For how much of each delivery a seller was out of service, or served another, and what its meter
 * therefore says: what a desk must remember over a restart, as neither the chain nor the sessions
 * show it.
 *
 * <p>A view that is odd, such as one of a time to come or without an order, changes nothing of it
 * that the next would not mend.
 *
 * @param last when it was looked at, by the chain's clock and no later than by the own; empty
 *     before the first time
 * @param served whether it was in service then
 * @param missed by order, those alone that are agreed and missed something
 * @param metered by order, those alone whose time to deliver was over; kept for long after that
 * @param before by order, what others of its time had taken when it began; those alone that are
 *     agreed and not the only one
 */
public record Outages(
    Optional<Instant> last,
    boolean served,
    Map<OrderKey, Duration> missed,
    Map<OrderKey, Metered> metered,
    Map<OrderKey, WattHours> before) {
  public static final Outages NONE = new Outages(Optional.empty(), true, Map.of());

  /** An order that was settled for so long is settled for good. */
  private static final Duration KEPT = Duration.ofDays(30);

  public Outages {
    missed = Map.copyOf(missed);
    metered = Map.copyOf(metered);
    before = Map.copyOf(before);
  }

  public Outages(
      Optional<Instant> last,
      boolean served,
      Map<OrderKey, Duration> missed,
      Map<OrderKey, Metered> metered) {
    this(last, served, missed, metered, Map.of());
  }

  public Outages(Optional<Instant> last, boolean served, Map<OrderKey, Duration> missed) {
    this(last, served, missed, Map.of());
  }

  /** With the time up to this view; orders that are over are forgotten. */
  Outages look(MarketView view, OwnSide own) {
    Instant now = own.believed(view.now());
    Optional<Instant> since = last.filter(at -> !at.isAfter(own.clock()));
    Map<OrderKey, Duration> all = new HashMap<>(missed);
    for (OrderView order : view.orders()) {
      if (!order.terms().seller().equals(view.self())) {
        continue;
      }
      if (order.stage().isOver()) {
        all.remove(order.key());
      } else if (order.stage() != OrderStage.REQUESTED // anybody can ask
          && since.isPresent()
          && !(own.unbroken() && served && own.serves(order))) {
        Duration more = within(order.terms().window(), since.get(), now);
        if (!more.isZero()) {
          all.merge(order.key(), more, Duration::plus);
        }
      }
    }
    Instant latest = since.filter(now::isBefore).orElse(now);
    return new Outages(
        Optional.of(latest), own.inService(), all, metered, takenBefore(view, own, now));
  }

  /** What was taken of others is counted until an order begins, and then kept. */
  private Map<OrderKey, WattHours> takenBefore(MarketView view, OwnSide own, Instant now) {
    Map<OrderKey, WattHours> taken = new HashMap<>(before);
    for (OrderView order : view.orders()) {
      if (order.stage().isOver()) {
        taken.remove(order.key());
      } else if (order.stage() != OrderStage.REQUESTED
          && order.terms().seller().equals(view.self())
          && !now.isAfter(order.terms().window().start())) {
        WattHours others = ofOthers(view, own, order);
        if (others.value() > 0) {
          taken.put(order.key(), others);
        }
      }
    }
    return taken;
  }

  /** What the own other orders of an order's time have come to: there is one place for all. */
  private static WattHours ofOthers(MarketView view, OwnSide own, OrderView order) {
    DeliveryWindow window = order.terms().window();
    WattHours sum = WattHours.ZERO;
    for (OrderView other : view.orders()) {
      if (!other.key().equals(order.key())
          && other.terms().seller().equals(view.self())
          && !within(other.terms().window(), window.start(), window.end()).isZero()) {
        sum = sum.plus(own.of(other).whole());
      }
    }
    return sum;
  }

  /**
   * With what the meter says of the deliveries that are over by both clocks. What it says of one is
   * decided once, at the first look after its end.
   */
  Outages meter(MarketView view, OwnSide own, long ratedPowerWatts) {
    Instant now = own.believed(view.now());
    Map<OrderKey, Metered> said = new HashMap<>(metered);
    said.values().removeIf(record -> now.isAfter(record.end().plus(KEPT)));
    for (OrderView order : view.orders()) {
      Instant end = order.terms().window().end();
      if (order.terms().seller().equals(view.self())
          && order.stage().isOnRecord()
          && !now.isBefore(end)) {
        WattHours taken = own.of(order).whole();
        WattHours ready = available(view, own, order, ratedPowerWatts);
        said.putIfAbsent(
            order.key(), new Metered(ready.compareTo(taken) >= 0 ? ready : taken, taken, end));
      }
    }
    return new Outages(last, served, missed, said, before);
  }

  Optional<Metered> meteredOf(OrderView order) {
    return Optional.ofNullable(metered.get(order.key()));
  }

  /**
   * What the rated power could have delivered in the time that was not missed. Where some was, what
   * others took in it was not available to this one: no buyer pays for an outage because it had
   * bought twice.
   */
  WattHours available(MarketView view, OwnSide own, OrderView order, long ratedPowerWatts) {
    DeliveryWindow window = order.terms().window();
    Duration gone = missed.getOrDefault(order.key(), Duration.ZERO);
    if (gone.isZero()) {
      return order.terms().energy();
    }
    WattHours others =
        ofOthers(view, own, order).minusOrZero(before.getOrDefault(order.key(), WattHours.ZERO));
    long ready = Math.max(0, window.length().minus(gone).toSeconds());
    BigInteger possible =
        BigInteger.valueOf(ratedPowerWatts)
            .multiply(BigInteger.valueOf(ready))
            .divide(BigInteger.valueOf(3600))
            .subtract(BigInteger.valueOf(others.value()))
            .max(BigInteger.ZERO);
    return new WattHours(
        possible.min(BigInteger.valueOf(order.terms().energy().value())).longValueExact());
  }

  private static Duration within(DeliveryWindow window, Instant from, Instant to) {
    Instant begin = from.isAfter(window.start()) ? from : window.start();
    Instant end = to.isBefore(window.end()) ? to : window.end();
    return begin.isBefore(end) ? Duration.between(begin, end) : Duration.ZERO;
  }
}
