package chargepile.agent.market.order;

import chargepile.agent.market.RevenueSplit;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;

/**
 * What an order comes to (P2-11, P2-12, P2-19). The four releases add up to the escrow.
 *
 * @param split of what is due for the energy taken, at most the energy ordered
 * @param sellerDamages for what was not made available, to the buyer
 * @param buyerDamages for what was not taken, or taken on top, to the seller
 * @param toSeller out of the escrow: a channel has paid the rest
 */
public record Settlement(
    RevenueSplit split,
    Amount sellerDamages,
    Amount buyerDamages,
    Amount toBuyer,
    Amount toSeller,
    Amount toGrid,
    Amount toAgency) {

  static Settlement of(OrderTerms terms, Metering metering) {
    WattHours ordered = terms.energy();
    WattHours ready = least(metering.available(), ordered);
    WattHours billed = least(metering.taken(), ordered);
    WattHours excess = metering.taken().minusOrZero(ordered);
    WattHours unused = ready.minusOrZero(metering.taken());

    Amount due = terms.price().amount(billed);
    Amount fromEscrow = due.minusOrZero(metering.paid());
    RevenueSplit split = RevenueSplit.of(due, terms.charges().fees());
    DefaultRule rule = terms.onDefault();
    Escrow escrow = terms.escrow();

    // Fees first: OrderTerms sees to it that the seller's escrow alone can pay them.
    Amount sellers = escrow.seller().plus(fromEscrow).minus(split.fees());
    Amount sellerDamages =
        least(least(rule.damages(ordered, ordered.minus(ready)), rule.amount()), sellers);
    Amount buyerDamages =
        least(rule.damages(ordered, excess.value() > 0 ? excess : unused), rule.amount());
    return new Settlement(
        split,
        sellerDamages,
        buyerDamages,
        escrow.buyer().minus(fromEscrow).minus(buyerDamages).plus(sellerDamages),
        sellers.minus(sellerDamages).plus(buyerDamages),
        split.grid(),
        split.agency());
  }

  /** Whether either side must pay damages. */
  public boolean isDefault() {
    return sellerDamages.value() > 0 || buyerDamages.value() > 0;
  }

  private static <T extends Comparable<T>> T least(T one, T other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
