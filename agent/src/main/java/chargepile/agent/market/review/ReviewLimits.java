package chargepile.agent.market.review;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.units.Amount;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * What the agency publishes, signed, for everybody to check its reviews with (P2-09).
 *
 * @param lead time between review and delivery, at least
 * @param horizon time between review and the end of the delivery, at most
 * @param slot length of the slots in which power is added up, whole seconds
 * @param floor least price per kWh
 * @param cap highest price per kWh
 * @param feederW what each feeder bears in each direction, in watts; one that is missing bears
 *     nothing
 */
public record ReviewLimits(
    Duration lead,
    Duration horizon,
    Duration slot,
    Amount floor,
    Amount cap,
    Map<FeederId, Long> feederW,
    List<LineLimit> lines) {
  private static final long MOST_SLOTS = 100_000;

  public ReviewLimits {
    if (lead.isNegative() || horizon.compareTo(lead) <= 0) {
      throw new IllegalArgumentException("the horizon lies behind the lead time");
    }
    if (slot.toSeconds() < 1
        || !slot.equals(slot.truncatedTo(ChronoUnit.SECONDS))
        || horizon.toSeconds() / slot.toSeconds() > MOST_SLOTS) {
      throw new IllegalArgumentException(
          "slots are of whole seconds, and at most %d to the horizon".formatted(MOST_SLOTS));
    }
    if (floor.compareTo(cap) > 0) {
      throw new IllegalArgumentException("the price floor is above the cap");
    }
    feederW = Map.copyOf(feederW);
    lines = List.copyOf(lines);
  }

  boolean allows(TradePrice price) {
    return price.suits(floor, cap);
  }
}
