package chargepile.agent.market.desk;

import chargepile.agent.market.TradePrice;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.List;
import java.util.Optional;
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
    Outages outages = remembered.look(view, own).meter(view, own, policy.point().ratedPowerWatts());
    new SellerOrders(intents, view, own, policy, outages).drive();
    WattHours offered = promisable(intents, view);
    Quoting.drive(intents, view, policy.price(), offered, own.inService());
    if (policy.announces()) {
      Announcing.drive(intents, view, true);
    }
    ShopKeeping.drive(intents, view, listing(view), own.inService());
    collect(intents, view, policy.collectFrom());
    return new Decision(
        intents.actions(),
        sales(view, own, order -> order.terms().seller().equals(view.self())),
        outages,
        intents.notices());
  }

  /** What is quoted: of one order is no more than it puts at stake, whatever the price is. */
  private WattHours promisable(Intents intents, MarketView view) {
    WattHours left = leftOfCycle(view);
    TradeRules rules = view.rules();
    WattHours promisable = policy.onDefault().within(TradePrice.of(rules.cap()), left, rules);
    if (promisable.compareTo(rules.leastQuote()) < 0 && left.compareTo(rules.leastQuote()) >= 0) {
      intents.say("nothing is quoted: " + policy.onDefault().tooLittle(rules));
    }
    return promisable;
  }

  private Optional<PilePolicy.Shop> listing(MarketView view) {
    return policy
        .listing()
        .map(
            shop ->
                shop.of(
                    policy
                        .onDefault()
                        .within(TradePrice.of(shop.pricePerKwh()), shop.energy(), view.rules())))
        .filter(
            shop ->
                policy.onDefault().most().isEmpty()
                    || shop.energy().compareTo(view.rules().leastQuote()) >= 0);
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
