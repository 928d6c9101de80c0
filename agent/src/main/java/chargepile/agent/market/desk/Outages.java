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
 * For how much of each delivery a seller was out of service, or served another: what a desk must
 * remember over a restart, as neither the chain nor the sessions show it.
 *
 * @param last when it was looked at, by the chain's clock; empty before the first time
 * @param served whether it was in service then
 * @param missed by order, those alone that are on record and missed something
 */
public record Outages(Optional<Instant> last, boolean served, Map<OrderKey, Duration> missed) {
  public static final Outages NONE = new Outages(Optional.empty(), true, Map.of());

  public Outages {
    missed = Map.copyOf(missed);
  }

  /** With the time up to this view; orders that are over are forgotten. */
  Outages look(MarketView view, OwnSide own) {
    Map<OrderKey, Duration> now = new HashMap<>();
    for (OrderView order : view.orders()) {
      if (order.stage().isOver() || !order.terms().seller().equals(view.self())) {
        continue;
      }
      boolean lost = last.isPresent() && !(own.unbroken() && served && own.serves(order));
      Duration more = lost ? within(order.terms().window(), last.get(), view.now()) : Duration.ZERO;
      Duration all = missed.getOrDefault(order.key(), Duration.ZERO).plus(more);
      if (!all.isZero()) {
        now.put(order.key(), all);
      }
    }
    Instant latest = last.filter(view.now()::isBefore).orElse(view.now());
    return new Outages(Optional.of(latest), own.inService(), now);
  }

  /** What the rated power could have delivered in the time that was not missed. */
  WattHours available(OrderView order, long ratedPowerWatts) {
    DeliveryWindow window = order.terms().window();
    Duration gone = missed.getOrDefault(order.key(), Duration.ZERO);
    if (gone.isZero()) {
      return order.terms().energy();
    }
    long ready = Math.max(0, window.length().minus(gone).toSeconds());
    BigInteger possible =
        BigInteger.valueOf(ratedPowerWatts)
            .multiply(BigInteger.valueOf(ready))
            .divide(BigInteger.valueOf(3600));
    return new WattHours(
        possible.min(BigInteger.valueOf(order.terms().energy().value())).longValueExact());
  }

  private static Duration within(DeliveryWindow window, Instant from, Instant to) {
    Instant begin = from.isAfter(window.start()) ? from : window.start();
    Instant end = to.isBefore(window.end()) ? to : window.end();
    return begin.isBefore(end) ? Duration.between(begin, end) : Duration.ZERO;
  }
}
