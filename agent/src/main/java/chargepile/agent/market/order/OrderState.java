package chargepile.agent.market.order;

import java.util.Optional;

/** Where an order stands (P2-06 to P2-12); {@link Order} says what leads from one to the next. */
public sealed interface OrderState {
  OrderTerms terms();

  /** What is in escrow in this state. */
  default Escrow escrow() {
    return switch (this) {
      case Requested requested ->
          new Escrow(requested.terms.escrow().buyer(), Escrow.NONE.seller());
      case Confirmed _, Established _, Approved _, Recorded _, Executing _ -> terms().escrow();
      case Refused _, Rejected _, Expired _, Settled _, Defaulted _ -> Escrow.NONE;
    };
  }

  /** Whether its energy is taken out of the listing, and neither given back nor sold for good. */
  default boolean holdsEnergy() {
    return switch (this) {
      case Confirmed _, Established _, Approved _, Recorded _, Executing _ -> true;
      case Requested _, Refused _, Rejected _, Expired _, Settled _, Defaulted _ -> false;
    };
  }

  /** What it waits for; empty when it is over. */
  default Optional<OrderDeadline> waitsFor() {
    return switch (this) {
      case Requested _ -> Optional.of(OrderDeadline.CONFIRMATION);
      case Confirmed _ -> Optional.of(OrderDeadline.SIGNATURES);
      case Established _ -> Optional.of(OrderDeadline.REVIEW);
      case Approved _ -> Optional.of(OrderDeadline.RECORD);
      case Recorded _, Executing _ -> Optional.of(OrderDeadline.EVIDENCE);
      case Refused _, Rejected _, Expired _, Settled _, Defaulted _ -> Optional.empty();
    };
  }

  /** The buyer asked, with its money in escrow (P2-06). */
  record Requested(OrderTerms terms) implements OrderState {}

  /** The seller agreed, with its default amount in escrow (P2-07). */
  record Confirmed(OrderTerms terms, boolean buyerSigned, boolean sellerSigned)
      implements OrderState {}

  /** The seller said no (P2-07). */
  record Refused(OrderTerms terms) implements OrderState {}

  /** Both signed the terms (P2-08). */
  record Established(OrderTerms terms) implements OrderState {}

  record Approved(OrderTerms terms) implements OrderState {}

  /** The review said no, and why (P2-09, P2-10). */
  record Rejected(OrderTerms terms, RejectionReason reason) implements OrderState {}

  /** What it waited for did not come; both have their money back (P2-09). */
  record Expired(OrderTerms terms, OrderDeadline missed) implements OrderState {}

  /** Approved, and on record (P2-11). */
  record Recorded(OrderTerms terms) implements OrderState {}

  /** Energy may flow (P2-11). */
  record Executing(OrderTerms terms) implements OrderState {}

  /** Delivered and taken within the tolerance, and paid. */
  record Settled(OrderTerms terms, Settlement settlement) implements OrderState {}

  /** Paid for what flowed, and damages for what was off by more than the tolerance (P2-12). */
  record Defaulted(OrderTerms terms, Settlement settlement) implements OrderState {}
}
