package chargepile.agent.market.order;

import chargepile.agent.market.RevenueSplit;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.Optional;

/**
 * What both sides of an order agree on (P2-02).
 *
 * @param listing that it is from, in the version that the buyer saw; empty for one that was matched
 * @param seller another than the buyer
 * @param energy electrical, more than 0
 * @param type what is delivered (P2-03)
 * @param quantity of it in its own unit, 0 or more
 * @param tableVersion of the conversion table that makes {@code energy} of {@code quantity}
 */
public record OrderTerms(
    OrderId id,
    Optional<ListingVersion> listing,
    Trader seller,
    Trader buyer,
    TradePrice price,
    WattHours energy,
    DeliveryWindow window,
    DeliveryPoint point,
    EnergyType type,
    long quantity,
    int tableVersion,
    DefaultRule onDefault,
    Charges charges) {

  /**
   * @throws IllegalArgumentException when a value is out of its range, the escrow can't be counted,
   *     or the default amount is below the fees: where the energy is paid in a channel, the
   *     seller's escrow is what the fees come from
   */
  public OrderTerms {
    if (seller.equals(buyer)) {
      throw new IllegalArgumentException(seller + " can't sell to itself");
    }
    if (energy.value() == 0 || quantity < 0) {
      throw new IllegalArgumentException("an order is of some energy");
    }
    Amount whole;
    try {
      whole = price.amount(energy);
      whole.plus(onDefault.amount()).plus(onDefault.amount());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("the escrow of this order can't be counted", e);
    }
    Amount fees = RevenueSplit.of(whole, charges.fees()).fees();
    if (onDefault.amount().compareTo(fees) < 0) {
      throw new IllegalArgumentException(
          "the default amount %d is below the fees of %d"
              .formatted(onDefault.amount().value(), fees.value()));
    }
  }

  /**
   * Whose pile, and with it whose meter, the energy passes through: the seller's when it charges a
   * car, the buyer's when a car feeds the grid (V2G).
   */
  public Trader meteredBy() {
    return switch (point.direction()) {
      case IMPORT -> seller;
      case EXPORT -> buyer;
    };
  }

  /** What all of the energy costs. */
  public Amount amount() {
    return price.amount(energy);
  }

  /**
   * What each side locks: the buyer at the request (P2-06), the seller when it confirms (P2-07).
   */
  public Escrow escrow() {
    return new Escrow(amount().plus(onDefault.amount()), onDefault.amount());
  }
}
