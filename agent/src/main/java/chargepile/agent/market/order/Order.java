package chargepile.agent.market.order;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.OrderState.Approved;
import chargepile.agent.market.order.OrderState.Confirmed;
import chargepile.agent.market.order.OrderState.Defaulted;
import chargepile.agent.market.order.OrderState.Established;
import chargepile.agent.market.order.OrderState.Executing;
import chargepile.agent.market.order.OrderState.Expired;
import chargepile.agent.market.order.OrderState.Recorded;
import chargepile.agent.market.order.OrderState.Refused;
import chargepile.agent.market.order.OrderState.Rejected;
import chargepile.agent.market.order.OrderState.Requested;
import chargepile.agent.market.order.OrderState.Settled;
import chargepile.agent.market.order.OrderStep.Refusal;
import chargepile.agent.units.Amount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An order's life (P2-06 to P2-12), total: every event in every state has an answer, and what is
 * locked is always what the state says is in escrow, and a listing's energy is taken at most once.
 */
public final class Order {
  private Order() {}

  /** The buyer's request: it locks the price and its default amount (P2-06). */
  public static OrderStep request(OrderTerms terms) {
    return step(new Requested(terms), lock(terms.buyer(), terms.escrow().buyer()));
  }

  public static OrderStep on(OrderState state, OrderEvent event) {
    OrderStep step = answer(state, event);
    return new OrderStep(
        step.next(), step.moves(), listingMove(state, step.next()), step.refusal());
  }

  private static OrderStep answer(OrderState state, OrderEvent event) {
    return switch (event) {
      case OrderEvent.Confirm(Trader by) ->
          state instanceof Requested(OrderTerms terms)
              ? bySeller(state, by, confirmed(terms))
              : refused(state);
      case OrderEvent.Refuse(Trader by) ->
          state instanceof Requested(OrderTerms terms)
              ? bySeller(state, by, refunded(state, new Refused(terms)))
              : refused(state);
      case OrderEvent.Sign(Trader by) ->
          state instanceof Confirmed confirmed ? signed(confirmed, by) : refused(state);
      case OrderEvent.Approve() ->
          state instanceof Established(OrderTerms terms)
              ? step(new Approved(terms), List.of())
              : refused(state);
      case OrderEvent.Reject(RejectionReason reason) ->
          state instanceof Established(OrderTerms terms)
              ? refunded(state, new Rejected(terms, reason))
              : refused(state);
      case OrderEvent.Recorded() ->
          state instanceof Approved(OrderTerms terms)
              ? step(new Recorded(terms), List.of())
              : refused(state);
      case OrderEvent.Begin() ->
          state instanceof Recorded(OrderTerms terms)
              ? step(new Executing(terms), List.of())
              : refused(state);
      case OrderEvent.Metered(Metering metering) ->
          switch (state) {
            case Recorded(OrderTerms terms) -> settled(terms, metering);
            case Executing(OrderTerms terms) -> settled(terms, metering);
            default -> refused(state);
          };
      case OrderEvent.DeadlinePassed(OrderDeadline deadline) -> late(state, deadline);
    };
  }

  private static OrderStep confirmed(OrderTerms terms) {
    return step(new Confirmed(terms, false, false), lock(terms.seller(), terms.escrow().seller()));
  }

  private static OrderStep signed(Confirmed order, Trader by) {
    OrderTerms terms = order.terms();
    boolean buyer = by.equals(terms.buyer());
    if (!buyer && !by.equals(terms.seller())) {
      return refused(order, Refusal.NOT_A_PARTY);
    }
    Confirmed next =
        new Confirmed(terms, order.buyerSigned() || buyer, order.sellerSigned() || !buyer);
    return step(
        next.buyerSigned() && next.sellerSigned() ? new Established(terms) : next, List.of());
  }

  private static OrderStep settled(OrderTerms terms, Metering metering) {
    Settlement settlement = Settlement.of(terms, metering);
    List<EscrowMove> moves = new ArrayList<>();
    moves.addAll(release(terms.buyer(), settlement.toBuyer()));
    moves.addAll(release(terms.seller(), settlement.toSeller()));
    moves.addAll(release(terms.charges().grid(), settlement.toGrid()));
    moves.addAll(release(terms.charges().agency(), settlement.toAgency()));
    return step(
        settlement.isDefault() ? new Defaulted(terms, settlement) : new Settled(terms, settlement),
        moves);
  }

  /** Silence costs nobody anything until the delivery (P2-09), and then whoever has the meter. */
  private static OrderStep late(OrderState state, OrderDeadline deadline) {
    if (!state.waitsFor().equals(Optional.of(deadline))) {
      return step(state, List.of());
    }
    return switch (deadline) {
      case CONFIRMATION, SIGNATURES, REVIEW, RECORD ->
          refunded(state, new Expired(state.terms(), deadline));
      case EVIDENCE -> settled(state.terms(), Metering.withheld(state.terms()));
    };
  }

  private static OrderStep refunded(OrderState state, OrderState next) {
    List<EscrowMove> moves = new ArrayList<>();
    moves.addAll(release(state.terms().buyer(), state.escrow().buyer()));
    moves.addAll(release(state.terms().seller(), state.escrow().seller()));
    return step(next, moves);
  }

  private static OrderStep bySeller(OrderState state, Trader by, OrderStep step) {
    return by.equals(state.terms().seller()) ? step : refused(state, Refusal.NOT_THE_SELLER);
  }

  /**
   * The energy is the order's from the confirmation until it is rejected, expires or is settled.
   */
  private static Optional<ListingMove> listingMove(OrderState from, OrderState next) {
    if (from.holdsEnergy() == next.holdsEnergy()) {
      return Optional.empty();
    }
    OrderTerms terms = next.terms();
    return terms
        .listing()
        .map(
            listing ->
                switch (next) {
                  case Settled _, Defaulted _ -> new ListingMove.Sell(listing.id(), terms.id());
                  case Refused _, Rejected _, Expired _ ->
                      new ListingMove.GiveBack(listing.id(), terms.id());
                  case Requested _,
                      Confirmed _,
                      Established _,
                      Approved _,
                      Recorded _,
                      Executing _ ->
                      new ListingMove.Take(listing, terms);
                });
  }

  private static OrderStep step(OrderState next, List<EscrowMove> moves) {
    return new OrderStep(next, moves, Optional.empty(), Optional.empty());
  }

  private static OrderStep refused(OrderState state) {
    return refused(state, state.waitsFor().isEmpty() ? Refusal.OVER : Refusal.OUT_OF_TURN);
  }

  private static OrderStep refused(OrderState state, Refusal why) {
    return new OrderStep(state, List.of(), Optional.empty(), Optional.of(why));
  }

  private static List<EscrowMove> lock(Trader from, Amount amount) {
    return amount.value() == 0 ? List.of() : List.of(new EscrowMove.Lock(from, amount));
  }

  private static List<EscrowMove> release(Trader to, Amount amount) {
    return amount.value() == 0 ? List.of() : List.of(new EscrowMove.Release(to, amount));
  }
}
