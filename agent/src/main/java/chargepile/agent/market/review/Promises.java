package chargepile.agent.market.review;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.units.Direction;
import java.math.BigInteger;
import java.time.Instant;

/** The power that approved orders have promised, by feeder and by seller. */
final class Promises {
  private final SlotLoad<DeliveryPoint> feeders;
  private final SlotLoad<Trader> sellers;

  Promises(ReviewLimits limits) {
    feeders = new SlotLoad<>(limits.slot());
    sellers = new SlotLoad<>(limits.slot());
  }

  void add(OrderTerms order) {
    long power = power(order);
    feeders.add(order.point(), order.window(), power);
    sellers.add(order.seller(), order.window(), power);
  }

  void remove(OrderTerms order) {
    long power = power(order);
    feeders.remove(order.point(), order.window(), power);
    sellers.remove(order.seller(), order.window(), power);
  }

  void forgetBefore(Instant now) {
    feeders.forgetBefore(now);
    sellers.forgetBefore(now);
  }

  /** Whether the feeder stays within {@code limitW} in every slot, this order included. */
  boolean feederBears(OrderTerms order, long limitW) {
    return feeders.peak(order.point(), order.window()) <= limitW - power(order);
  }

  /** Whether the seller stays within {@code ratedW} in every slot, this order included. */
  boolean sellerBears(OrderTerms order, long ratedW) {
    return sellers.peak(order.seller(), order.window()) <= ratedW - power(order);
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
        DeliveryPoint point = new DeliveryPoint(feeder, direction);
        long watts = feeders.at(point, slot);
        if (point.equals(order.point())) {
          watts = Math.addExact(watts, power(order));
        }
        BigInteger effect = line.effect(feeder, direction == Direction.IMPORT ? watts : -watts);
        up = up.add(effect.max(BigInteger.ZERO));
        down = down.add(effect.min(BigInteger.ZERO));
      }
    }
    return line.bears(up) && line.bears(down);
  }

  static long power(OrderTerms order) {
    return order.window().power(order.energy());
  }
}
