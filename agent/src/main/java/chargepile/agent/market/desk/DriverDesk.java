package chargepile.agent.market.desk;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.Metering;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.time.Instant;
import java.util.Optional;

/** A driver that buys by itself (P1-42, P2-06, P2-08 to P2-12). */
public final class DriverDesk implements Desk {
  private final BuyerPolicy policy;

  public DriverDesk(BuyerPolicy policy) {
    this.policy = policy;
  }

  @Override
  public Decision next(MarketView view, OwnSide own, Outages remembered) {
    Intents intents = new Intents(view);
    Purchases purchases = new Purchases(view, policy);
    view.orders().stream()
        .filter(order -> order.terms().buyer().equals(view.self()))
        .forEach(order -> drive(intents, view, own, order));
    request(intents, view, purchases);
    bid(intents, view, purchases);
    if (policy.announces()) {
      Announcing.drive(intents, view, false);
    }
    PileDesk.collect(intents, view, policy.collectFrom());
    return new Decision(
        intents.actions(),
        PileDesk.sales(view, own, order -> order.terms().buyer().equals(view.self())),
        remembered,
        intents.notices());
  }

  private void request(Intents intents, MarketView view, Purchases purchases) {
    Amount committed = purchases.committed();
    Amount balance = view.balance();
    for (MatchView match : purchases.open()) {
      Amount cost = purchases.cost(match);
      if (!purchases.isCovered(match)) {
        intents.say(
            "no order of the match of %s and %s: default_amount_base_units of %d is less than what it puts into escrow against default"
                .formatted(
                    match.pairing().ask(),
                    match.pairing().bid(),
                    policy.onDefault().most().orElse(Amount.ZERO).value()));
      } else if (committed.plus(cost).compareTo(policy.budget()) > 0) {
        intents.say(
            "no order of the match of %s and %s: with its %d the budget of %d would be exceeded"
                .formatted(
                    match.pairing().ask(),
                    match.pairing().bid(),
                    cost.value(),
                    policy.budget().value()));
      } else if (cost.compareTo(balance) > 0) {
        intents.say(
            "no order of the match of %s and %s: it needs %d in escrow, the account has %d"
                .formatted(
                    match.pairing().ask(), match.pairing().bid(), cost.value(), balance.value()));
      } else {
        Optional<ContractTerms> deal = purchases.deal(match);
        if (deal.isEmpty()) {
          intents.say(
              "no order of the match of %s and %s: the delivery would end behind the agency's horizon"
                  .formatted(match.pairing().ask(), match.pairing().bid()));
        } else {
          committed = committed.plus(cost);
          balance = balance.minus(cost);
          intents.add(new DeskAction.Request(match.pairing(), deal.get()));
        }
      }
    }
  }

  private void bid(Intents intents, MarketView view, Purchases purchases) {
    WattHours wanted = purchases.promisable();
    boolean mayBid = true;
    if (wanted.compareTo(view.rules().leastQuote()) < 0
        && purchases.wanted().compareTo(view.rules().leastQuote()) >= 0) {
      intents.say("no bid: " + policy.onDefault().tooLittle(view.rules()));
    }
    if (wanted.value() > 0 && view.cycle().isPresent()) {
      Amount price = policy.price().now(view, view.cycle().get());
      Amount most =
          TradePrice.of(price)
              .amount(wanted)
              .plus(policy.onDefault().rule(TradePrice.of(price), wanted, view.rules()).amount());
      Amount left = policy.budget().minusOrZero(purchases.committed());
      if (most.compareTo(left) > 0 || most.compareTo(view.balance()) > 0) {
        mayBid = false;
        intents.say(
            "no bid for %d Wh: it may take %d into escrow, of the budget %d is left and the account has %d"
                .formatted(wanted.value(), most.value(), left.value(), view.balance().value()));
      }
    }
    Quoting.drive(intents, view, policy.price(), wanted, mayBid);
  }

  private void drive(Intents intents, MarketView view, OwnSide own, OrderView order) {
    if (order.isLate(view.now())) {
      intents.add(new DeskAction.Expire(order));
      return;
    }
    switch (order.stage()) {
      case CONFIRMED -> {
        if (!order.buyerSigned()) {
          intents.add(new DeskAction.Sign(order));
        }
      }
      case APPROVED -> {
        if (!view.now().isBefore(order.deadline().minus(policy.patience()))) {
          intents.add(new DeskAction.PutOnRecord(order));
        }
      }
      case RECORDED, EXECUTING -> settle(intents, view, own, order);
      case REQUESTED, ESTABLISHED, REFUSED, REJECTED, EXPIRED, SETTLED, DEFAULTED -> {}
    }
  }

  private static void settle(Intents intents, MarketView view, OwnSide own, OrderView order) {
    Delivered delivered = own.of(order);
    if (delivered.underWay() && view.now().isBefore(order.terms().window().end())) {
      return;
    }
    Testimony said = own.testimonyOf(order);
    Instant end = order.terms().window().end();
    boolean complete = delivered.whole().compareTo(order.terms().energy()) >= 0;
    if (!complete && view.now().isBefore(end)) {
      return;
    }
    Optional<Testimony.Signed> agreed =
        said.metering().filter(signed -> isFair(signed.metering(), delivered, order));
    Optional<Testimony.Receipt> unsaid =
        said.receipt().filter(receipt -> receipt.paid().compareTo(order.acknowledged()) > 0);
    boolean isTime = !view.now().isBefore(end.plus(view.rules().receipts().dividedBy(2)));
    if (agreed.isPresent()) {
      intents.add(
          new DeskAction.SettleTogether(order, agreed.get().metering(), agreed.get().signature()));
    } else if (unsaid.isPresent() && isTime) {
      intents.add(
          new DeskAction.Acknowledge(
              order, unsaid.get().paid(), Optional.of(unsaid.get().signature())));
    }
  }

  /** Whether what the seller signed is what happened, and lays nothing at the driver's door. */
  private static boolean isFair(Metering said, Delivered own, OrderView order) {
    boolean full = own.whole().compareTo(order.terms().energy()) >= 0;
    return said.taken().equals(own.whole())
        && said.paid().equals(own.paid())
        && (full || said.available().equals(said.taken()));
  }
}
