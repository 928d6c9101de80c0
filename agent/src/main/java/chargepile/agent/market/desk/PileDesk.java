package chargepile.agent.market.desk;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.List;
import java.util.function.Predicate;

/** A pile that sells by itself (P1-42, P2-05, P2-07 to P2-12). */
public final class PileDesk implements Desk {
  private final PilePolicy policy;

  public PileDesk(PilePolicy policy) {
    this.policy = policy;
  }

  @Override
  public Decision next(MarketView view, OwnSide own, Outages remembered) {
    Intents intents = new Intents(view);
    Outages outages = remembered.look(view, own);
    new SellerOrders(intents, view, own, policy, outages).drive();
    Quoting.drive(intents, view, policy.price(), leftOfCycle(view), own.inService());
    if (policy.announces()) {
      Announcing.drive(intents, view, true);
    }
    ShopKeeping.drive(intents, view, policy.listing(), own.inService());
    collect(intents, view, policy.collectFrom());
    return new Decision(
        intents.actions(),
        sales(view, own, order -> order.terms().seller().equals(view.self())),
        outages,
        intents.notices());
  }

  private WattHours leftOfCycle(MarketView view) {
    WattHours left = policy.perCycle();
    for (MatchView match : view.matches()) {
      if (match.seller().equals(view.self())
          && view.cycle().filter(cycle -> cycle.number() == match.cycle()).isPresent()) {
        left = left.minusOrZero(match.energy());
      }
    }
    return left;
  }

  static void collect(Intents intents, MarketView view, Amount from) {
    if (view.owed().compareTo(from) >= 0) {
      intents.add(new DeskAction.Collect(view.owed()));
    }
  }

  /** The orders on record of which there is something left, and time. */
  static List<Sale> sales(MarketView view, OwnSide own, Predicate<OrderView> which) {
    return view.orders().stream()
        .filter(order -> order.stage().isOnRecord() && which.test(order))
        .filter(order -> view.now().isBefore(order.terms().window().end()))
        .map(
            order ->
                new Sale(
                    order.key(),
                    order.terms().seller(),
                    order.terms().buyer(),
                    order.terms().price(),
                    order.terms().energy().toMilliWattHours().minusOrZero(own.of(order).ended()),
                    order.terms().window()))
        .filter(sale -> sale.left().value() > 0)
        .toList();
  }
}
