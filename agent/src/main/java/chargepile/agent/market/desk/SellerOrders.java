package chargepile.agent.market.desk;

import chargepile.agent.market.order.Metering;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A pile's orders, from the request to the end (P2-07 to P2-12).
 *
 * <p>Anybody may ask for an order, and an answer costs gas that channels may need: a request that
 * can't bind is left to expire. Refused are only those of own matches, and few of a cycle's.
 */
final class SellerOrders {
  /** Of the matches of one trading cycle. */
  static final int MOST_REFUSALS = 8;

  /** A session that goes on for so long behind its order's window is waited for no longer. */
  private static final Duration LINGERING = Duration.ofMinutes(5);

  private final Intents intents;
  private final MarketView view;
  private final OwnSide own;
  private final PilePolicy policy;
  private final Outages outages;
  private final List<OrderView> sold;
  private final List<OrderView> promised;

  /** Requests that are being answered: whether they bind is not known yet. */
  private final List<OrderView> undecided;

  private final Map<Long, Integer> refusals = new HashMap<>();

  SellerOrders(Intents intents, MarketView view, OwnSide own, PilePolicy policy, Outages outages) {
    this.intents = intents;
    this.view = view;
    this.own = own;
    this.policy = policy;
    this.outages = outages;
    this.sold =
        view.orders().stream().filter(order -> order.terms().seller().equals(view.self())).toList();
    this.promised = sold.stream().filter(SellerOrders::isPromised).toList();
    this.undecided =
        sold.stream()
            .filter(this::isBeingAnswered)
            .collect(Collectors.toCollection(ArrayList::new));
  }

  void drive() {
    sold.stream()
        .filter(order -> order.stage() == OrderStage.REFUSED || isBeingAnswered(order))
        .forEach(this::countRefusal);
    sold.forEach(this::drive);
  }

  private static boolean isPromised(OrderView order) {
    return switch (order.stage()) {
      case CONFIRMED, ESTABLISHED, APPROVED, RECORDED, EXECUTING -> true;
      case REQUESTED, REFUSED, REJECTED, EXPIRED, SETTLED, DEFAULTED -> false;
    };
  }

  private boolean isBeingAnswered(OrderView order) {
    return order.stage() == OrderStage.REQUESTED
        && view.underWay().contains(DeskAction.OfOrder.subjectOf(order.key()));
  }

  private void countRefusal(OrderView order) {
    RequestReview.matchOf(view, order)
        .ifPresent(match -> refusals.merge(match.cycle(), 1, Integer::sum));
  }

  private void drive(OrderView order) {
    if (order.isLate(view.now())) {
      if (order.stage() != OrderStage.REQUESTED) { // of which nothing is in escrow here
        intents.add(new DeskAction.Expire(order));
      }
      return;
    }
    switch (order.stage()) {
      case REQUESTED -> answer(order);
      case CONFIRMED -> {
        if (!order.sellerSigned()) {
          intents.add(new DeskAction.Sign(order));
        }
      }
      case APPROVED -> intents.add(new DeskAction.PutOnRecord(order));
      case RECORDED, EXECUTING -> deliver(order);
      case ESTABLISHED, REFUSED, REJECTED, EXPIRED, SETTLED, DEFAULTED -> {}
    }
  }

  private void answer(OrderView order) {
    if (isBeingAnswered(order)) {
      return;
    }
    if (!view.active().contains(order.terms().buyer())) {
      intents.say("requests of accounts that are not an active party's are left to expire");
      return;
    }
    Optional<String> objection =
        own.inService()
            ? new RequestReview(view, policy, promised).objection(order)
            : Optional.of("the pile is out of service");
    if (objection.isPresent()) {
      decline(order, objection.get());
    } else if (!view.active().contains(view.self())) {
      intents.say(
          "no order is confirmed: the registry does not show the account %s as an active party's"
              .formatted(view.self().value()));
    } else if (view.balance().compareTo(order.terms().onDefault().amount()) < 0) {
      intents.say(
          "order %s is not confirmed: the default amount of %d is more than the account's %d"
              .formatted(
                  order.key(), order.terms().onDefault().amount().value(), view.balance().value()));
    } else if (isRoomBesideUndecided(order)) {
      undecided.add(order);
      intents.add(new DeskAction.Confirm(order));
    }
  }

  /** Else it waits until the others are decided. */
  private boolean isRoomBesideUndecided(OrderView order) {
    List<OrderView> all = new ArrayList<>(promised);
    all.addAll(undecided);
    return new RequestReview(view, policy, all).objection(order).isEmpty();
  }

  private void decline(OrderView order, String why) {
    boolean answers =
        RequestReview.matchOf(view, order)
            .filter(match -> refusals.getOrDefault(match.cycle(), 0) < MOST_REFUSALS)
            .isPresent();
    if (answers) {
      countRefusal(order);
      intents.add(new DeskAction.Refuse(order, why));
    } else {
      intents.say("the request %s is left to expire: %s".formatted(order.key(), why));
    }
  }

  private void deliver(OrderView order) {
    Delivered delivered = own.of(order);
    boolean begun = delivered.underWay() || delivered.energy().value() > 0;
    if (order.stage() == OrderStage.RECORDED
        && begun
        && !view.now().isBefore(order.terms().window().start())
        && !isOver(order, Duration.ZERO)) {
      intents.add(new DeskAction.Begin(order));
      return;
    }
    if (delivered.underWay() && !isOver(order, lingering())) {
      return; // what is paid is not known yet
    }
    if (delivered.paid().compareTo(order.acknowledged()) > 0) {
      intents.add(new DeskAction.Acknowledge(order, delivered.paid(), Optional.empty()));
      return;
    }
    settle(order, delivered);
  }

  /** Also while its session is held open: what it takes later is none of the order's. */
  private void settle(OrderView order, Delivered delivered) {
    boolean complete = delivered.whole().compareTo(order.terms().energy()) >= 0;
    if (!complete && !isOver(order, Duration.ZERO)) {
      return;
    }
    Optional<Metered> record = outages.meteredOf(order);
    WattHours taken = record.map(Metered::taken).orElse(delivered.whole());
    WattHours ready = outages.available(view, own, order, policy.point().ratedPowerWatts());
    WattHours available =
        record.map(Metered::available).orElse(ready.compareTo(taken) >= 0 ? ready : taken);
    Metering metering = new Metering(available, taken, order.acknowledged());
    Optional<Testimony.Signed> agreed =
        own.testimonyOf(order).metering().filter(said -> said.metering().equals(metering));
    if (agreed.isPresent()) {
      intents.add(new DeskAction.SettleTogether(order, metering, agreed.get().signature()));
    } else if (record.isPresent() && maySettleAlone(order)) {
      intents.add(new DeskAction.SettleByMeter(order, available, taken));
    }
  }

  private Duration lingering() {
    Duration receipts = view.rules().receipts();
    return receipts.compareTo(LINGERING) < 0 ? receipts : LINGERING;
  }

  private boolean isOver(OrderView order, Duration since) {
    return !own.believed(view.now()).isBefore(order.terms().window().end().plus(since));
  }

  /**
   * Until then the buyer can show what it has paid. A chain whose blocks don't come to count as
   * done makes nobody miss the deadline.
   */
  private boolean maySettleAlone(OrderView order) {
    Instant end = order.terms().window().end();
    Instant from = end.plus(view.rules().receipts());
    Duration time = Duration.between(from, order.deadline());
    return !view.now().isBefore(from)
        && (!view.past().isBefore(end) || !view.now().isBefore(from.plus(time.dividedBy(2))));
  }
}
