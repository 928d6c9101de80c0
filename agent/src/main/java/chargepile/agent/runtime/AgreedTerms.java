package chargepile.agent.runtime;

import chargepile.agent.energy.Tariff;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.session.Agreement;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What sessions are to keep to, out of the orders that looks at the market show. One odd look ends
 * no session: an order that a session is under way of is missing only when two looks a while apart,
 * at two blocks, say so, or when its time is over by the own clock; and a session of another ends
 * only for an order that was shown before. Belongs to the mailbox.
 */
final class AgreedTerms {
  /** Before its time an order keeps other terms from its buyer for so long. */
  private static final Duration SOON = Duration.ofMinutes(15);

  /** How far apart two looks are that count as two. */
  static final Duration APART = Duration.ofSeconds(20);

  /** A block's time may be that much ahead of the own clock. */
  private static final Duration SKEW = Duration.ofSeconds(30);

  private final Function<Sale, EvmAddress> counterparty;
  private final Predicate<Tariff> goesOn;
  private final Consumer<String> people;
  private Map<OrderKey, Held> held = Map.of();

  /**
   * An order that a look has shown.
   *
   * @param first the time of the first block that showed it
   * @param latest the time of the latest
   * @param own the own clock when no block could be looked at
   * @param missing since when it is not shown
   */
  private record Held(
      Sale sale, Instant first, Instant latest, Instant own, Optional<Missing> missing) {
    boolean isSoon(Instant most) {
      return time(most).plus(SOON).isAfter(sale.window().start());
    }

    boolean isInForce(Instant most) {
      return !time(most).isBefore(sale.window().start()) && latest.isAfter(first);
    }

    /** As far as both clocks have come; a node that falls behind takes nothing of it back. */
    private Instant time(Instant most) {
      Instant reached = latest.isAfter(own) ? latest : own;
      return reached.isAfter(most) ? most : reached;
    }
  }

  /** When a look first did not show an order: by the chain's clock and the monotonic one. */
  private record Missing(Instant block, long nanos) {}

  /**
   * @param counterparty whose account the other side of an order is
   * @param goesOn whether a session at these terms is under way
   * @param people are told of what is shown no more
   */
  AgreedTerms(
      Function<Sale, EvmAddress> counterparty, Predicate<Tariff> goesOn, Consumer<String> people) {
    this.counterparty = counterparty;
    this.goesOn = goesOn;
    this.people = people;
  }

  /**
   * What holds after one more look.
   *
   * @param sales those that it shows
   * @param clock the own
   */
  List<Agreement> look(MarketView view, List<Sale> sales, Instant clock, long nanos) {
    Map<OrderKey, Held> now = new LinkedHashMap<>();
    for (Sale sale : sales) {
      Held before = held.get(sale.order());
      Instant first = before == null ? view.now() : before.first();
      Instant own = before == null ? Instant.MIN : before.own();
      now.put(sale.order(), new Held(sale, first, latest(before, view), own, Optional.empty()));
    }
    for (Held before : held.values()) {
      if (!now.containsKey(before.sale().order()) && isWanting(before, clock)) {
        Missing missing = before.missing().orElse(new Missing(view.now(), nanos));
        if (isCertain(before, missing, view.now(), nanos)) {
          people.accept(
              "the order %s is on record no more, as two looks say: its session ends"
                  .formatted(before.sale().order()));
        } else {
          people.accept(
              "the chain does not show the order %s any more: its session goes on until that is certain"
                  .formatted(before.sale().order()));
          now.put(
              before.sale().order(),
              new Held(
                  before.sale(),
                  before.first(),
                  before.latest(),
                  before.own(),
                  Optional.of(missing)));
        }
      }
    }
    held = now;
    return agreements(clock);
  }

  /**
   * What holds while the market can't be looked at: an order that looks at two blocks have shown
   * comes into force, and out of it, by the own clock.
   *
   * @param sales those of the last look that there is something left of
   */
  List<Agreement> lookAtOwn(List<Sale> sales, Instant clock) {
    Map<OrderKey, Sale> left = new HashMap<>();
    sales.forEach(sale -> left.put(sale.order(), sale));
    Map<OrderKey, Held> now = new LinkedHashMap<>();
    held.forEach(
        (key, order) -> {
          Sale sale = left.getOrDefault(key, order.sale());
          if (clock.isBefore(sale.window().end())
              && (left.containsKey(key) || isWanting(order, clock))) {
            now.put(key, new Held(sale, order.first(), order.latest(), clock, order.missing()));
          }
        });
    held = now;
    return agreements(clock);
  }

  private List<Agreement> agreements(Instant clock) {
    Instant latest = clock.plus(SKEW);
    return held.values().stream()
        .filter(order -> order.isSoon(latest))
        .map(order -> agreement(order, latest))
        .toList();
  }

  private static Instant latest(@Nullable Held before, MarketView view) {
    return before == null || view.now().isAfter(before.latest()) ? view.now() : before.latest();
  }

  /** Without it a session would end now, before its time. */
  private boolean isWanting(Held order, Instant clock) {
    return clock.isBefore(order.sale().window().end()) && goesOn.test(tariff(order.sale()));
  }

  private static boolean isCertain(Held order, Missing missing, Instant block, long nanos) {
    return nanos - missing.nanos() >= APART.toNanos()
        && block.isAfter(missing.block())
        && block.isAfter(order.latest());
  }

  private Agreement agreement(Held order, Instant latest) {
    Sale sale = order.sale();
    return new Agreement(
        tariff(sale), counterparty.apply(sale), sale.left(), order.isInForce(latest));
  }

  /**
   * An order's terms in a session. Half a unit of its price can't be said there: that part is paid
   * out of the escrow when the order is settled.
   */
  private static Tariff tariff(Sale sale) {
    return new Tariff(
        Sale.tag(sale.order()), new Amount(sale.price().doubled() / 2), Amount.ZERO, Amount.ZERO);
  }
}
