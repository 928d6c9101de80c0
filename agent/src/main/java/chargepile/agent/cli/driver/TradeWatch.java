package chargepile.agent.cli.driver;

import chargepile.agent.cli.Figures;
import chargepile.agent.cli.node.Trading;
import chargepile.agent.market.Resting;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.MatchView;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.runtime.MarketReport;
import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.WattHours;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What becomes of what a driver buys: each step once, in a line for people, and what is left.
 * {@link #heard} belongs to the node's mailbox, all else to whoever waits.
 */
final class TradeWatch {
  private final Trading.Want want;
  private final DriverLines money;
  private final WantFile file;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Set<String> told = new HashSet<>();
  private volatile Optional<Standing> standing = Optional.empty();

  /**
   * How it stands.
   *
   * @param orders of this want
   * @param done whether nothing is left to be done
   */
  private record Standing(MarketView view, List<OrderView> orders, boolean done) {}

  TradeWatch(Trading.Want want, DriverLines money, WantFile file) {
    this.want = want;
    this.money = money;
    this.file = file;
  }

  /** What is wanted, in a line. */
  String wanted() {
    return "buying %s at %s a kWh at most, and for %s in all"
        .formatted(
            energy(want.energy()), money.amount(want.bid().limit()), money.amount(want.budget()));
  }

  void heard(MarketReport report) {
    MarketView view = report.view();
    List<MatchView> matches =
        view.matches().stream()
            .filter(match -> match.buyer().equals(view.self()))
            .filter(match -> !match.at().isBefore(want.since()))
            .toList();
    List<OrderView> orders =
        view.orders().stream()
            .filter(order -> matches.stream().anyMatch(match -> isOf(order, match)))
            .toList();
    sayBid(view);
    matches.forEach(this::sayMatch);
    orders.forEach(order -> sayOrder(order, view.now()));
    boolean quiet =
        report.decision().actions().isEmpty()
            && view.underWay().isEmpty()
            && view.owed().value() == 0;
    standing = Optional.of(new Standing(view, orders, quiet && isBought(view, orders)));
  }

  private static boolean isOf(OrderView order, MatchView match) {
    return order.deal().match().filter(match.pairing()::equals).isPresent();
  }

  private boolean isBought(MarketView view, List<OrderView> orders) {
    WattHours left = want.energy();
    for (OrderView order : orders) {
      if (!order.stage().isOver()) {
        return false;
      }
      if (order.stage().counts()) {
        left = left.minusOrZero(order.terms().energy());
      }
    }
    // Of less than this nothing can be ordered.
    WattHours least = view.rules().minimumFill();
    if (view.rules().least().energy().compareTo(least) > 0) {
      least = view.rules().least().energy();
    }
    return left.value() == 0 || (left.compareTo(want.energy()) < 0 && left.compareTo(least) < 0);
  }

  private void sayBid(MarketView view) {
    if (view.cycle().isEmpty()) {
      once("cycle", "the market's first cycle has not begun yet");
      return;
    }
    for (Resting bid : view.bids()) {
      if (bid.quote().trader().equals(view.self())) {
        Amount price = bid.quote().pricePerKwh();
        once(
            "bid %d %d %d"
                .formatted(view.cycle().get().number(), price.value(), bid.rest().value()),
            "bidding %s a kWh for %s".formatted(money.amount(price), energy(bid.rest())));
      }
    }
  }

  private void sayMatch(MatchView match) {
    once(
        "match " + match.pairing(),
        "matched: %s at %s a kWh".formatted(energy(match.energy()), price(match.price())));
  }

  private void sayOrder(OrderView order, Instant now) {
    String name = name(order);
    once(
        order.key() + " " + order.stage(),
        switch (order.stage()) {
          case REQUESTED ->
              "%s is asked for, with %s in escrow; the pile has to confirm it"
                  .formatted(name, money.amount(order.held().buyer()));
          case CONFIRMED -> name + " is confirmed by the pile; both sign it";
          case ESTABLISHED -> name + " is signed by both; the grid agency reviews it";
          case APPROVED -> name + " has passed the review";
          case RECORDED ->
              "%s is on record: plug the car in between %s and %s, by the chain's clock"
                  .formatted(name, order.terms().window().start(), order.terms().window().end());
          case EXECUTING -> name + " is being delivered";
          case SETTLED -> name + " is settled";
          case DEFAULTED ->
              name + " is settled as a default: less was delivered or taken than was ordered";
          case REFUSED -> name + " was refused by the pile; its energy is bid for again";
          case REJECTED -> name + " did not pass the review; its energy is bid for again";
          case EXPIRED ->
              name + " has lapsed: something came too late; its energy is bid for again";
        });
    if (order.stage().isOnRecord() && !now.isBefore(order.terms().window().start())) {
      if (now.isBefore(order.terms().window().end())) {
        once(order.key() + " time", "the time of %s has begun: plug the car in".formatted(name));
      } else {
        once(
            order.key() + " over",
            "the time of %s is over; it is settled by both, or by the meter".formatted(name));
      }
    }
  }

  private void once(String key, String line) {
    if (told.add(key)) {
      lines.add(line);
    }
  }

  private String name(OrderView order) {
    return "order %s of %s at %s a kWh"
        .formatted(
            order.key().toString().substring(0, 10),
            energy(order.terms().energy()),
            price(order.terms().price()));
  }

  /** Exact to half a unit. */
  private String price(TradePrice price) {
    return money.amount(new Amount(price.doubled() / 2))
        + (price.doubled() % 2 == 0 ? "" : " and half a base unit");
  }

  private static String energy(WattHours energy) {
    return Figures.energy(MilliWattHours.ofWattHours(energy.value()));
  }

  /** What there is to tell since the last time. */
  List<String> news() {
    List<String> news = new ArrayList<>();
    for (String line = lines.poll(); line != null; line = lines.poll()) {
      news.add(line);
    }
    return news;
  }

  /** Whether all that was wanted is bought and settled. */
  boolean isDone() {
    return standing.filter(Standing::done).isPresent();
  }

  /** The orders that were not settled as they should be. */
  List<String> defaults() {
    return orders().stream()
        .filter(order -> order.stage() == OrderStage.DEFAULTED)
        .map(this::name)
        .toList();
  }

  /** Whether there is, or may be, something to charge: a channel is needed. */
  boolean mayCharge() {
    return standing
        .filter(
            now ->
                now.orders().isEmpty()
                    || now.orders().stream()
                        .anyMatch(
                            order ->
                                !order.stage().isOver()
                                    && now.view().now().isBefore(order.terms().window().end())))
        .isPresent();
  }

  /** Whether a session's tariff is that of an order. */
  boolean isOrdered(long tariff) {
    return orders().stream().anyMatch(order -> Sale.tag(order.key()) == tariff);
  }

  private List<OrderView> orders() {
    return standing.map(Standing::orders).orElse(List.of());
  }

  /** What is left when nobody waits any longer. */
  List<String> left() {
    List<String> left = new ArrayList<>();
    for (OrderView order : orders()) {
      if (!order.stage().isOver()) {
        left.add(
            "%s is left as %s, for delivery from %s to %s: what is not taken then costs damages"
                .formatted(
                    name(order),
                    DriverLines.words(order.stage()),
                    order.terms().window().start(),
                    order.terms().window().end()));
      }
    }
    if (left.isEmpty() && !isDone()) {
      left.add(
          "nothing is ordered; a bid stands until its cycle ends, and a match without an order"
              + " binds nobody");
    }
    if (!isDone()) {
      left.add("the next `driver charge` with this --data goes on");
    }
    return left;
  }

  /** All is settled: the next want is another. */
  void finish() throws IOException {
    file.delete();
  }
}
