package chargepile.agent.market.review;

import chargepile.agent.market.order.FeederId;
import java.math.BigInteger;
import java.util.Map;

/**
 * What a line or a voltage bears, in a linear model (R9): each watt on a feeder moves it by so
 * much. Load and generation are not set off against each other, as either may stay away.
 *
 * @param name of the line, or of the node whose voltage it is
 * @param microPerWatt by feeder, in millionths of the limit's unit; below 0 where load relieves it
 * @param limit in both directions, 0 or more
 */
public record LineLimit(String name, Map<FeederId, Long> microPerWatt, long limit) {
  private static final BigInteger MICRO = BigInteger.valueOf(1_000_000);

  public LineLimit {
    if (limit < 0) {
      throw new IllegalArgumentException("limit below zero: " + limit);
    }
    microPerWatt = Map.copyOf(microPerWatt);
  }

  /** What a feeder's load of {@code watts} moves it by, in millionths. */
  BigInteger effect(FeederId feeder, long watts) {
    return BigInteger.valueOf(microPerWatt.getOrDefault(feeder, 0L))
        .multiply(BigInteger.valueOf(watts));
  }

  boolean bears(BigInteger micro) {
    return micro.abs().compareTo(BigInteger.valueOf(limit).multiply(MICRO)) <= 0;
  }
}
