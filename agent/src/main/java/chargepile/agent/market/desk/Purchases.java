package chargepile.agent.market.desk;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.DefaultRule;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a driver has bought and still wants to, and the orders that it asks for (P2-06). */
final class Purchases {
  private final MarketView view;
  private final BuyerPolicy policy;
  private final List<MatchView> bought;

  Purchases(MarketView view, BuyerPolicy policy) {
    this.view = view;
    this.policy = policy;
    this.bought =
        view.matches().stream()
            .filter(match -> match.buyer().equals(view.self()))
            .filter(match -> !match.at().isBefore(policy.since()))
            .toList();
  }

  /** What is wanted beyond all that is ordered, or may be. */
  WattHours wanted() {
    WattHours left = policy.energy();
    for (MatchView match : bought) {
      if (counts(match)) {
        left = left.minusOrZero(match.energy());
      }
    }
    return left;
  }

  /** What of it may be of the next order, by what that puts into escrow against default. */
  WattHours promisable() {
    return policy.onDefault().within(TradePrice.of(policy.price().bound()), wanted(), view.rules());
  }

  private boolean counts(MatchView match) {
    return view.orderOf(match.pairing())
        .map(order -> order.stage().counts())
        .orElseGet(() -> isAsked(match) || (isAskable(match) && isCovered(match)));
  }

  /** Whether an order of it puts no more at stake than it may. */
  boolean isCovered(MatchView match) {
    return policy.onDefault().covers(rule(match).amount());
  }

  /** The matches that an order is to be asked for of. */
  List<MatchView> open() {
    return bought.stream()
        .filter(match -> view.orderOf(match.pairing()).isEmpty() && !isAsked(match))
        .filter(this::isAskable)
        .toList();
  }

  private boolean isAskable(MatchView match) {
    return policy.piles().containsKey(match.seller())
        && match.price().doubled() <= 2 * policy.price().bound().value()
        && !view.now().isAfter(match.at().plus(policy.matchLife()));
  }

  private boolean isAsked(MatchView match) {
    return view.underWay().contains(DeskAction.Request.subjectOf(match.pairing()));
  }

  /** What its orders can cost, those that are being asked for included. */
  Amount committed() {
    Amount sum = Amount.ZERO;
    for (MatchView match : bought) {
      Optional<OrderView> order = view.orderOf(match.pairing());
      if (order.isPresent() ? order.get().stage().counts() : isAsked(match)) {
        sum =
            sum.plus(
                order.map(known -> known.terms().escrow().buyer()).orElseGet(() -> cost(match)));
      }
    }
    return sum;
  }

  /** What is locked for the order of a match. */
  Amount cost(MatchView match) {
    return match.price().amount(match.energy()).plus(rule(match).amount());
  }

  private DefaultRule rule(MatchView match) {
    return policy.onDefault().rule(match.price(), match.energy(), view.rules());
  }

  /** The terms that it asks for; empty when the review could not let them pass. */
  Optional<ContractTerms> deal(MatchView match) {
    PilePoint pile = Objects.requireNonNull(policy.piles().get(match.seller()));
    // Until it is reviewed there is still something to be done on the chain.
    Duration lead = view.rules().lead();
    Duration ahead =
        (policy.ahead().compareTo(lead) >= 0 ? policy.ahead() : lead).plus(policy.patience());
    Instant start = view.now().plus(ahead).truncatedTo(ChronoUnit.SECONDS);
    long charging =
        Math.ceilDiv(Math.multiplyExact(match.energy().value(), 3600L), pile.ratedPowerWatts());
    long shortest = Math.max(charging, view.rules().least().window().toSeconds());
    Duration length = Duration.ofSeconds(Math.max(shortest, policy.length().toSeconds()));
    Instant end = start.plus(length);
    if (end.isAfter(view.now().plus(view.rules().horizon()))) {
      return Optional.empty();
    }
    OrderTerms terms =
        new OrderTerms(
            new OrderId(match.pairing().bid().value()),
            Optional.empty(),
            match.seller(),
            match.buyer(),
            match.price(),
            match.energy(),
            new DeliveryWindow(start, end),
            new DeliveryPoint(pile.feeder(), pile.pile(), Direction.IMPORT),
            EnergyType.ELECTRICITY,
            match.energy().value(),
            view.rules().conversions(),
            rule(match),
            view.rules().charges());
    return Optional.of(new ContractTerms(terms, Optional.of(match.pairing()), pile.meter()));
  }
}
