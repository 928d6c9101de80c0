package chargepile.agent.market.desk;

import chargepile.agent.market.Side;
import chargepile.agent.market.Trader;
import chargepile.agent.units.Amount;

/**
 * A simple price: each round of a cycle that matched nothing goes a step from the start towards the
 * bound (P1-42).
 *
 * @param start of the first round
 * @param bound what it never goes beyond: the least that a seller takes, the most that a buyer
 *     gives
 * @param step per such round; 0 stays at the start
 */
public record PricePolicy(Side side, Amount start, Amount bound, Amount step) {
  /**
   * @throws IllegalArgumentException when the start lies beyond the bound
   */
  public PricePolicy {
    if (isBeyond(side, start, bound)) {
      throw new IllegalArgumentException(
          (switch (side) {
                case ASK -> "the first price asked, %d, is below the floor of %d";
                case BID -> "the first price bid, %d, is above the limit of %d";
              })
              .formatted(start.value(), bound.value()));
    }
  }

  /** The price of now: what was matched of a round is known by when it was announced. */
  Amount now(MarketView view, CycleView cycle) {
    long matched =
        view.matches().stream()
            .filter(match -> match.cycle() == cycle.number() && isOwn(match, view.self()))
            .map(MatchView::at)
            .filter(at -> at.isBefore(cycle.standsFrom()))
            .distinct() // a round's matches are announced at once
            .count();
    return after((int) Math.max(0, cycle.round() - matched));
  }

  private boolean isOwn(MatchView match, Trader self) {
    return switch (side) {
      case ASK -> match.seller().equals(self);
      case BID -> match.buyer().equals(self);
    };
  }

  /**
   * The price after some rounds in vain.
   *
   * @param rounds 0 or more
   */
  public Amount after(int rounds) {
    Amount gap =
        switch (side) {
          case ASK -> start.minus(bound);
          case BID -> bound.minus(start);
        };
    boolean reached = step.value() > 0 && rounds > gap.value() / step.value();
    Amount moved = reached ? gap : new Amount(step.value() * rounds);
    return switch (side) {
      case ASK -> start.minus(moved);
      case BID -> start.plus(moved);
    };
  }

  private static boolean isBeyond(Side side, Amount price, Amount bound) {
    return switch (side) {
      case ASK -> price.compareTo(bound) < 0;
      case BID -> price.compareTo(bound) > 0;
    };
  }
}
