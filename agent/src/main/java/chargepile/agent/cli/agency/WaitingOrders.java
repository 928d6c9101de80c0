package chargepile.agent.cli.agency;

import chargepile.agent.cli.Figures;
import chargepile.agent.market.Trader;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.order.eip712.OrderKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The orders that wait for their review, and what a person should hear of them: that one's time is
 * nearly up, or was missed. The chain's time counts. Used by one thread at a time.
 */
final class WaitingOrders {
  private final Set<Trader> others;
  private final Duration near;
  private final Map<OrderKey, Instant> waiting = new HashMap<>();
  private final Set<OrderKey> warned = new HashSet<>();

  /** What a look came to. */
  record News(List<String> warnings, int waiting, Optional<Instant> next) {}

  /**
   * @param others whose orders somebody else reviews
   * @param near so long before its time is up an order is told of
   */
  WaitingOrders(Set<Trader> others, Duration near) {
    this.others = Set.copyOf(others);
    this.near = near;
  }

  /**
   * What a view shows.
   *
   * @param decided whether an order is known to be approved or rejected
   */
  News look(MarketView view, Predicate<OrderKey> decided) {
    Map<OrderKey, OrderView> shown = new HashMap<>();
    view.orders().stream()
        .filter(order -> order.stage() == OrderStage.ESTABLISHED && !isAnothers(order))
        .forEach(order -> shown.put(order.key(), order));
    List<String> warnings = new ArrayList<>();
    missed(view.now(), shown.keySet(), decided, warnings);
    shown.values().stream()
        .filter(order -> !view.now().isAfter(order.deadline()))
        .sorted(Comparator.comparing(OrderView::deadline))
        .forEach(
            order -> {
              waiting.put(order.key(), order.deadline());
              nearing(view, order).ifPresent(warnings::add);
            });
    warned.retainAll(waiting.keySet());
    return new News(
        warnings, waiting.size(), waiting.values().stream().min(Comparator.naturalOrder()));
  }

  private boolean isAnothers(OrderView order) {
    return others.contains(order.terms().seller()) || others.contains(order.terms().buyer());
  }

  private void missed(
      Instant now, Set<OrderKey> shown, Predicate<OrderKey> decided, List<String> warnings) {
    waiting
        .entrySet()
        .removeIf(
            entry -> {
              boolean late = now.isAfter(entry.getValue());
              if (late && !decided.test(entry.getKey())) {
                warnings.add(
                    "the order %s was not reviewed by %s: it expires, and both have their money back"
                        .formatted(entry.getKey(), entry.getValue()));
              }
              return late || !shown.contains(entry.getKey());
            });
  }

  private Optional<String> nearing(MarketView view, OrderView order) {
    Duration left = Duration.between(view.now(), order.deadline());
    if (left.compareTo(near) > 0 || !warned.add(order.key())) {
      return Optional.empty();
    }
    boolean underWay = view.underWay().contains(DeskAction.OfOrder.subjectOf(order.key()));
    return Optional.of(
        "the order %s must be reviewed by %s, within %s: its review %s"
            .formatted(
                order.key(),
                order.deadline(),
                Figures.duration(left),
                underWay ? "is sent and in no block yet" : "is not sent yet"));
  }
}
