package chargepile.agent.market.desk;

import chargepile.agent.market.Resting;
import chargepile.agent.market.Side;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.Listing;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.units.Amount;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the chain shows of the market at one block.
 *
 * <p>The block is no earlier than any in which an action that is not in {@code underWay} any more
 * took effect: else it would be done twice.
 *
 * @param self whose view it is
 * @param now of the block
 * @param past of the last block that counts as done, no later than {@code now}: what it is past of
 *     no reorganisation makes too early
 * @param cycle empty before the first
 * @param asks every open ask, in any order; an id is an arrival
 * @param bids every open bid
 * @param matches of {@code self}, of a time at least as long as anybody may ask for an order of one
 * @param orders of {@code self}, those over for at least as long; for an agency those to review
 * @param listings of {@code self}
 * @param nextListing when it may publish or amend again
 * @param owed what it can withdraw
 * @param balance what it can put into escrow
 * @param active {@code self} and the buyers of requests to it, as far as the registry lets them
 *     take on something new: with others no order can be agreed
 * @param underWay what actions that were begun and have not ended are about, see {@link
 *     DeskAction#subject}
 */
public record MarketView(
    Trader self,
    Instant now,
    Instant past,
    TradeRules rules,
    Optional<CycleView> cycle,
    List<Resting> asks,
    List<Resting> bids,
    List<MatchView> matches,
    List<OrderView> orders,
    List<Listing> listings,
    Instant nextListing,
    Amount owed,
    Amount balance,
    Set<Trader> active,
    Set<String> underWay) {
  public MarketView {
    asks = List.copyOf(asks);
    bids = List.copyOf(bids);
    matches = List.copyOf(matches);
    orders = List.copyOf(orders);
    listings = List.copyOf(listings);
    active = Set.copyOf(active);
    underWay = Set.copyOf(underWay);
  }

  /** Of a chain on which every block counts as done. */
  public MarketView(
      Trader self,
      Instant now,
      TradeRules rules,
      Optional<CycleView> cycle,
      List<Resting> asks,
      List<Resting> bids,
      List<MatchView> matches,
      List<OrderView> orders,
      List<Listing> listings,
      Instant nextListing,
      Amount owed,
      Amount balance,
      Set<Trader> active,
      Set<String> underWay) {
    this(
        self,
        now,
        now,
        rules,
        cycle,
        asks,
        bids,
        matches,
        orders,
        listings,
        nextListing,
        owed,
        balance,
        active,
        underWay);
  }

  /** The same at another time: what there is to say of it when the chain can't be asked. */
  public MarketView at(Instant time) {
    return new MarketView(
        self,
        time,
        past,
        rules,
        cycle,
        asks,
        bids,
        matches,
        orders,
        listings,
        nextListing,
        owed,
        balance,
        active,
        underWay);
  }

  List<Resting> side(Side side) {
    return switch (side) {
      case ASK -> asks;
      case BID -> bids;
    };
  }

  /** The order that was asked for on a match, be it over or not. */
  Optional<OrderView> orderOf(MatchedQuotes pairing) {
    return orders.stream()
        .filter(order -> order.deal().match().filter(pairing::equals).isPresent())
        .findFirst();
  }
}
