package chargepile.agent.market.desk;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.Listing;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import java.util.List;
import java.util.Optional;

/**
 * Whether a pile agrees to what a buyer asks for (P2-07).
 *
 * @param promised the orders that it has agreed to and not finished
 */
record RequestReview(MarketView view, PilePolicy policy, List<OrderView> promised) {
  /** Why it does not; empty when it does. */
  Optional<String> objection(OrderView order) {
    OrderTerms terms = order.terms();
    TradeRules rules = view.rules();
    if (terms.point().direction() != Direction.IMPORT) {
      return Optional.of("it sells into cars alone");
    }
    if (!isHere(terms.point())) {
      return Optional.of(
          "pile %s on feeder %s is another one"
              .formatted(terms.point().pile().value(), terms.point().feeder().value()));
    }
    if (!order.deal().meter().equals(policy.point().meter())) {
      return Optional.of("the evidence would be another meter's: " + order.deal().meter());
    }
    if (!terms.type().equals(EnergyType.ELECTRICITY)
        || terms.quantity() != terms.energy().value()
        || terms.tableVersion() > rules.conversions()) {
      return Optional.of("electricity is sold in watt-hours");
    }
    if (!terms.charges().equals(rules.charges())) {
      return Optional.of("the fees are not the published ones");
    }
    if (terms.price().doubled() < 2 * policy.price().bound().value()) {
      return Optional.of(
          "the price of %s is below the floor of %d"
              .formatted(terms.price(), policy.price().bound().value()));
    }
    if (!policy.onDefault().takes(terms.onDefault(), terms.price(), terms.energy(), rules)) {
      return Optional.of("a default would cost more than it agrees to");
    }
    if (!policy.onDefault().covers(terms.onDefault().amount())) {
      return Optional.of(
          "it puts %d into escrow against default, and default_amount_base_units is %d"
              .formatted(
                  terms.onDefault().amount().value(),
                  policy.onDefault().most().orElse(Amount.ZERO).value()));
    }
    if (order.held().buyer().compareTo(terms.escrow().buyer()) < 0) {
      return Optional.of("the buyer's money is not in escrow");
    }
    return origin(order).or(() -> time(terms)).or(() -> power(terms));
  }

  /** By what the chain has of a name, which may be its hash. */
  private boolean isHere(DeliveryPoint point) {
    return ChainNames.word(point.pile()).equals(ChainNames.word(policy.point().pile()))
        && ChainNames.word(point.feeder()).equals(ChainNames.word(policy.point().feeder()));
  }

  private Optional<String> origin(OrderView order) {
    Optional<ListingVersion> listing = order.terms().listing();
    if (order.deal().match().isPresent()) {
      return listing.isPresent()
          ? Optional.of("it is either of a match or of a listing")
          : ofMatch(order, order.deal().match().get());
    }
    return listing.isPresent()
        ? ofListing(order.terms(), listing.get())
        : Optional.of("it is neither of a match nor of a listing");
  }

  private Optional<String> ofMatch(OrderView order, MatchedQuotes pairing) {
    return matchOf(view, order).isPresent()
        ? Optional.empty()
        : Optional.of("quotes %s and %s did not match so".formatted(pairing.ask(), pairing.bid()));
  }

  /** The match whose terms an order has. */
  static Optional<MatchView> matchOf(MarketView view, OrderView order) {
    OrderTerms terms = order.terms();
    return view.matches().stream()
        .filter(match -> order.deal().match().filter(match.pairing()::equals).isPresent())
        .filter(
            match ->
                match.seller().equals(terms.seller())
                    && match.buyer().equals(terms.buyer())
                    && match.price().equals(terms.price())
                    && match.energy().equals(terms.energy()))
        .findFirst();
  }

  private Optional<String> ofListing(OrderTerms terms, ListingVersion version) {
    return view.listings().stream()
        .filter(listing -> listing.id().equals(version.id()))
        .findFirst()
        .map(listing -> listing.refusal(version, terms).map(Listing.Refusal::text))
        .orElse(Optional.of("there is no such listing"));
  }

  private Optional<String> time(OrderTerms terms) {
    DeliveryWindow window = terms.window();
    if (window.start().isBefore(view.now().plus(view.rules().lead()))) {
      return Optional.of("the delivery begins too soon to be reviewed");
    }
    if (window.start().isBefore(view.now().plus(policy.lead()))) {
      return Optional.of(
          "the delivery begins sooner than the lead_s of %d ahead"
              .formatted(policy.lead().toSeconds()));
    }
    return window.end().isAfter(view.now().plus(view.rules().horizon()))
        ? Optional.of("the delivery ends too far ahead to be reviewed")
        : Optional.empty();
  }

  /**
   * All that overlaps is added up: it may not all be at the same time, but nothing is promised
   * twice.
   */
  private Optional<String> power(OrderTerms terms) {
    long watts = power(terms.window(), terms);
    Trader seller = terms.seller();
    for (OrderView other : promised) {
      DeliveryWindow window = other.terms().window();
      boolean overlaps =
          window.start().isBefore(terms.window().end())
              && terms.window().start().isBefore(window.end());
      if (overlaps && other.terms().seller().equals(seller)) {
        if (!other.terms().buyer().equals(terms.buyer())) {
          return Optional.of("another buyer has the pile at that time");
        }
        watts = Math.addExact(watts, Math.min(power(window, other.terms()), 1L << 60));
      }
    }
    return watts > policy.point().ratedPowerWatts()
        ? Optional.of(
            "with what is promised it takes %d W, more than the pile's %d W"
                .formatted(watts, policy.point().ratedPowerWatts()))
        : Optional.empty();
  }

  private static long power(DeliveryWindow window, OrderTerms terms) {
    return Math.min(window.power(terms.energy()), 1L << 60);
  }
}
