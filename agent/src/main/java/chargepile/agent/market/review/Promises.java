package chargepile.agent.market.review;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.PileId;
import chargepile.agent.units.Direction;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/** The power that approved orders have promised, by feeder, by pile, and by who sells exports. */
final class Promises {
  private final SlotLoad<FeederSide> feeders;
  private final SlotLoad<PileId> piles;
  private final SlotLoad<Trader> exporters;

  Promises(Duration slot) {
    feeders = new SlotLoad<>(slot);
    piles = new SlotLoad<>(slot);
    exporters = new SlotLoad<>(slot);
  }

  /** Load and generation are added up apart, as either may stay away. */
  private record FeederSide(FeederId feeder, Direction direction) {
    static FeederSide of(DeliveryPoint point) {
      return new FeederSide(point.feeder(), point.direction());
    }
  }

  void add(OrderTerms order) {
    long power = power(order);
    feeders.add(FeederSide.of(order.point()), order.window(), power);
    piles.add(order.point().pile(), order.window(), power);
    if (isExport(order)) {
      exporters.add(order.seller(), order.window(), power);
    }
  }

  void remove(OrderTerms order) {
    long power = power(order);
    feeders.remove(FeederSide.of(order.point()), order.window(), power);
    piles.remove(order.point().pile(), order.window(), power);
    if (isExport(order)) {
      exporters.remove(order.seller(), order.window(), power);
    }
  }

  void forgetBefore(Instant now) {
    feeders.forgetBefore(now);
    piles.forgetBefore(now);
    exporters.forgetBefore(now);
  }

  /** Whether the feeder stays within {@code limitW} in every slot, this order included. */
  boolean feederBears(OrderTerms order, long limitW) {
    return feeders.peak(FeederSide.of(order.point()), order.window()) <= limitW - power(order);
  }

  /**
   * Whether the pile stays within {@code ratedW} in every slot, both directions and this order
   * included: it has one cable, whoever sells through it.
   */
  boolean pileBears(OrderTerms order, long ratedW) {
    return piles.peak(order.point().pile(), order.window()) <= ratedW - power(order);
  }

  /** Whether its seller exports nothing else in these slots: a car is at one pile at a time. */
  boolean sellerIsFree(OrderTerms order) {
    return !isExport(order) || exporters.peak(order.seller(), order.window()) == 0;
  }

  /** Whether a line stays within its limit in every slot, whoever of the others stays away. */
  boolean lineBears(OrderTerms order, LineLimit line) {
    boolean[] bears = {true};
    feeders.forEachSlot(order.window(), slot -> bears[0] &= bearsAt(slot, order, line));
    return bears[0];
  }

  private boolean bearsAt(long slot, OrderTerms order, LineLimit line) {
    BigInteger up = BigInteger.ZERO;
    BigInteger down = BigInteger.ZERO;
    for (FeederId feeder : line.microPerWatt().keySet()) {
      for (Direction direction : Direction.values()) {
        FeederSide side = new FeederSide(feeder, direction);
        long watts = feeders.at(side, slot);
        if (side.equals(FeederSide.of(order.point()))) {
          watts = Math.addExact(watts, power(order));
        }
        BigInteger effect = line.effect(feeder, direction == Direction.IMPORT ? watts : -watts);
        up = up.add(effect.max(BigInteger.ZERO));
        down = down.add(effect.min(BigInteger.ZERO));
      }
    }
    return line.bears(up) && line.bears(down);
  }

  private static boolean isExport(OrderTerms order) {
    return order.point().direction() == Direction.EXPORT;
  }

  static long power(OrderTerms order) {
    return order.window().power(order.energy());
  }
}
