package chargepile.agent.market.review;

import chargepile.agent.market.order.ConversionTables;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.ReviewRule;
import java.time.Instant;
import java.util.Optional;

/**
 * The rules R1 to R9 (P2-10) and R10 (P2-19): a function of the order, the limits, the facts and
 * the promises.
 */
final class Review {
  private Review() {}

  /**
   * The first rule that the order breaks; empty when there is none.
   *
   * @param forgotten promises before it are no longer known, so that none is made there (R3)
   */
  static Optional<ReviewRule> firstBroken(
      OrderTerms order,
      ReviewFacts facts,
      ReviewLimits limits,
      ConversionTables tables,
      Promises promises,
      Instant forgotten,
      Instant now) {
    for (ReviewRule rule : ReviewRule.values()) {
      boolean holds =
          switch (rule) {
            case R1 -> facts.bothMayTrade();
            case R2 -> Promises.power(order) <= facts.ratedPowerW() && facts.meterIsThePiles();
            case R3 -> isInTime(order.window(), limits, forgotten, now);
            case R4 -> limits.allows(order.price());
            case R5 -> hasRoomOnItsFeeder(order, limits.grid(), promises, now);
            case R6 ->
                promises.pileBears(order, facts.ratedPowerW()) && promises.sellerIsFree(order);
            case R7 -> facts.escrow().covers(order.escrow()) && limits.least().isKeptBy(order);
            case R8 -> converts(order, tables);
            case R9 ->
                limits
                    .grid()
                    .linesUntil(order.window(), now)
                    .allMatch(line -> promises.lineBears(order, line));
            case R10 -> limits.charges().contains(order.charges());
          };
      if (!holds) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }

  private static boolean hasRoomOnItsFeeder(
      OrderTerms order, GridLimits grid, Promises promises, Instant now) {
    long watts = grid.leastWatts(order.point().feeder(), order.window(), now);
    return grid.hasPileOnFeeder(order.point(), order.window())
        && promises.feederBears(order, watts);
  }

  private static boolean isInTime(
      DeliveryWindow window, ReviewLimits limits, Instant forgotten, Instant now) {
    return !window.start().isBefore(forgotten)
        && !window.start().isBefore(now.plus(limits.lead()))
        && !window.end().isAfter(now.plus(limits.horizon()));
  }

  private static boolean converts(OrderTerms order, ConversionTables tables) {
    return tables
        .version(order.tableVersion())
        .flatMap(table -> table.convert(order.type(), order.quantity()))
        .filter(order.energy()::equals)
        .isPresent();
  }
}
