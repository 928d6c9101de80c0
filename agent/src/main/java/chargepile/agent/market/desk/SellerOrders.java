package chargepile.agent.market.desk;

import chargepile.agent.market.order.Metering;
import chargepile.agent.units.WattHours;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A pile's orders, from the request to the end (P2-07 to P2-12). */
final class SellerOrders {
  private final Intents intents;
  private final MarketView view;
  private final OwnSide own;
  private final PilePolicy policy;
  private final Outages outages;
  private final List<OrderView> promised = new ArrayList<>();

  SellerOrders(Intents intents, MarketView view, OwnSide own, PilePolicy policy, Outages outages) {
    this.intents = intents;
    this.view = view;
    this.own = own;
    this.policy = policy;
    this.outages = outages;
  }

  void drive() {
    List<OrderView> sold =
        view.orders().stream().filter(order -> order.terms().seller().equals(view.self())).toList();
    sold.stream().filter(this::isPromised).forEach(promised::add);
    sold.forEach(this::drive);
  }

  /** What is being confirmed counts before the chain shows it. */
  private boolean isPromised(OrderView order) {
    return switch (order.stage()) {
      case REQUESTED -> view.underWay().contains(new DeskAction.Confirm(order).subject());
      case CONFIRMED, ESTABLISHED, APPROVED, RECORDED, EXECUTING -> true;
      case REFUSED, REJECTED, EXPIRED, SETTLED, DEFAULTED -> false;
    };
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
    if (isPromised(order)) {
      return;
    }
    Optional<String> objection =
        own.inService()
            ? new RequestReview(view, policy, promised).objection(order)
            : Optional.of("the pile is out of service");
    if (objection.isPresent()) {
      intents.add(new DeskAction.Refuse(order, objection.get()));
    } else if (view.balance().compareTo(order.terms().onDefault().amount()) < 0) {
      intents.say(
          "order %s is not confirmed: the default amount of %d is more than the account's %d"
              .formatted(
                  order.key(), order.terms().onDefault().amount().value(), view.balance().value()));
    } else {
      promised.add(order);
      intents.add(new DeskAction.Confirm(order));
    }
  }

  private void deliver(OrderView order) {
    Delivered delivered = own.of(order);
    boolean begun = delivered.underWay() || delivered.energy().value() > 0;
    if (order.stage() == OrderStage.RECORDED
        && begun
        && !view.now().isBefore(order.terms().window().start())) {
      intents.add(new DeskAction.Begin(order));
      return;
    }
    if (delivered.underWay()) {
      return; // what is paid is not known yet
    }
    if (delivered.paid().compareTo(order.acknowledged()) > 0) {
      intents.add(new DeskAction.Acknowledge(order, delivered.paid(), Optional.empty()));
      return;
    }
    settle(order, delivered);
  }

  private void settle(OrderView order, Delivered delivered) {
    WattHours taken = delivered.whole();
    boolean complete = taken.compareTo(order.terms().energy()) >= 0;
    if (!complete && view.now().isBefore(order.terms().window().end())) {
      return;
    }
    WattHours ready = outages.available(order, policy.point().ratedPowerWatts());
    WattHours available = ready.compareTo(taken) >= 0 ? ready : taken;
    Metering metering = new Metering(available, taken, order.acknowledged());
    Optional<Testimony.Signed> agreed =
        own.testimonyOf(order).metering().filter(said -> said.metering().equals(metering));
    if (agreed.isPresent()) {
      intents.add(new DeskAction.SettleTogether(order, metering, agreed.get().signature()));
    } else if (!view.now().isBefore(order.terms().window().end().plus(view.rules().receipts()))) {
      intents.add(new DeskAction.SettleByMeter(order, available, taken));
    }
  }
}
