package chargepile.agent.market.review;

import chargepile.agent.market.Quote;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.order.Charges;
import chargepile.agent.units.Amount;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * What the agency publishes for everybody to check its reviews with (P2-09); whoever reads it from
 * elsewhere checks the signature there.
 *
 * @param lead time between review and delivery, at least
 * @param horizon time between review and the end of the delivery, at most
 * @param slot length of the slots in which power is added up, whole seconds
 * @param floor least price per kWh
 * @param cap highest price per kWh, at most {@link Quote#HIGHEST_PRICE}: that caps nothing
 * @param least what an order must be worth
 * @param charges the fees and who has them (P2-19), those in force and for a while those before, as
 *     orders with them are on their way; the agency is one of the board's reviewers
 */
public record ReviewLimits(
    Duration lead,
    Duration horizon,
    Duration slot,
    Amount floor,
    Amount cap,
    GridLimits grid,
    LeastPromise least,
    Set<Charges> charges) {
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
    if (cap.compareTo(Quote.HIGHEST_PRICE) > 0) {
      throw new IllegalArgumentException(
          "a price cap is at most %d per kWh, not %d"
              .formatted(Quote.HIGHEST_PRICE.value(), cap.value()));
    }
    charges = Set.copyOf(charges);
  }

  boolean allows(TradePrice price) {
    return price.suits(floor, cap);
  }
}
