package chargepile.agent.market.order;

import chargepile.agent.market.RevenueSplit;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;

/**
 * What an order comes to (P2-11, P2-12, P2-19). The four releases add up to the escrow.
 *
 * <p>All that was taken is billed, also beyond the order, as far as the buyer's escrow and what a
 * channel paid reach; damages come on top as far as the escrow still reaches.
 *
 * @param split of what is due for the energy taken
 * @param sellerOff what was not made available, beyond the tolerance
 * @param buyerOff what was not taken, or taken on top, beyond the tolerance
 * @param sellerDamages for {@code sellerOff}, to the buyer
 * @param buyerDamages for {@code buyerOff}, to the seller
 * @param toSeller out of the escrow: a channel has paid the rest
 */
public record Settlement(
    RevenueSplit split,
    WattHours sellerOff,
    WattHours buyerOff,
    Amount sellerDamages,
    Amount buyerDamages,
    Amount toBuyer,
    Amount toSeller,
    Amount toGrid,
    Amount toAgency) {

  static Settlement of(OrderTerms terms, Metering metering) {
    WattHours ordered = terms.energy();
    WattHours ready = least(metering.available(), ordered);
    WattHours excess = metering.taken().minusOrZero(ordered);
    WattHours unused = ready.minusOrZero(metering.taken());
    DefaultRule rule = terms.onDefault();
    WattHours sellerOff = rule.beyond(ordered, ordered.minus(ready));
    WattHours buyerOff = rule.beyond(ordered, excess.value() > 0 ? excess : unused);

    Escrow escrow = terms.escrow();
    Amount due = terms.price().amount(metering.taken(), orMost(escrow.buyer(), metering.paid()));
    Amount fromEscrow = due.minusOrZero(metering.paid());
    Amount sellers = escrow.seller().plus(fromEscrow);
    RevenueSplit split = RevenueSplit.of(due, terms.charges().fees()).withFeesUpTo(sellers);

    // Fees first: OrderTerms sees to it that the seller's escrow alone pays those of the order.
    sellers = sellers.minus(split.fees());
    Amount sellerDamages = least(least(rule.damages(sellerOff), rule.amount()), sellers);
    Amount buyers = escrow.buyer().minus(fromEscrow);
    Amount buyerDamages = least(least(rule.damages(buyerOff), rule.amount()), buyers);
    return new Settlement(
        split,
        sellerOff,
        buyerOff,
        sellerDamages,
        buyerDamages,
        buyers.minus(buyerDamages).plus(sellerDamages),
        sellers.minus(sellerDamages).plus(buyerDamages),
        split.grid(),
        split.agency());
  }

  /**
   * Whether either side was off by more than the tolerance: a matter of energy, also where the
   * damages round down to nothing or there is nothing to pay them from.
   */
  public boolean isDefault() {
    return sellerOff.value() > 0 || buyerOff.value() > 0;
  }

  /** The sum, or the highest amount where it can't be counted. */
  private static Amount orMost(Amount one, Amount other) {
    return new Amount(
        other.value() > Long.MAX_VALUE - one.value()
            ? Long.MAX_VALUE
            : one.value() + other.value());
  }

  private static <T extends Comparable<T>> T least(T one, T other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
