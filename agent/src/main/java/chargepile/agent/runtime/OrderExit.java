package chargepile.agent.runtime;

import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.OrderStage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The way of an order that binds to its end: what it costs, which actions are steps of it, and when
 * they come too late (P2-08 to P2-12). Who can't go it to the end pays for a default.
 */
final class OrderExit {
  /** A signature, the record, the beginning or a receipt, of which each takes half of it. */
  private static final long STEP_GAS = 100_000;

  /** The settlement after the delivery, which takes half of it. */
  private static final long SETTLING_GAS = 400_000;

  private OrderExit() {}

  /** What a party needs from a stage on at most; a request counts as one that is answered. */
  static long gas(OrderStage from) {
    int steps =
        switch (from) {
          case REQUESTED, CONFIRMED -> 4; // signature, record, beginning and receipt
          case ESTABLISHED, APPROVED -> 3;
          case RECORDED -> 2;
          case EXECUTING -> 1;
          case REFUSED, REJECTED, EXPIRED, SETTLED, DEFAULTED -> 0;
        };
    return steps == 0 ? 0 : steps * STEP_GAS + SETTLING_GAS;
  }

  /**
   * Whether it is a step towards the end of an order that binds. A seller's receipts before the end
   * of the delivery are not: there is one for every session that the buyer likes to begin.
   */
  static boolean isStep(DeskAction action, Instant now) {
    return switch (action) {
      case DeskAction.Sign _,
          DeskAction.PutOnRecord _,
          DeskAction.Begin _,
          DeskAction.SettleTogether _,
          DeskAction.SettleByMeter _,
          DeskAction.Expire _ ->
          true;
      case DeskAction.Acknowledge(var order, _, var signature) ->
          signature.isPresent() || !now.isBefore(order.terms().window().end());
      case DeskAction.OfListing _,
          DeskAction.OfQuotes _,
          DeskAction.Announce _,
          DeskAction.Request _,
          DeskAction.Confirm _,
          DeskAction.Refuse _,
          DeskAction.Review _,
          DeskAction.Veto _,
          DeskAction.Collect _ ->
          false;
    };
  }

  /**
   * Until when it has to be in the chain; empty: nothing is lost that money can keep.
   *
   * @param receipts how long after the delivery a buyer can be sure to show them
   */
  static Optional<Instant> deadline(DeskAction action, Duration receipts) {
    return switch (action) {
      case DeskAction.Review(var order) -> Optional.of(order.deadline());
      case DeskAction.Veto(var order, _) -> Optional.of(order.deadline());
      case DeskAction.PutOnRecord(var order) -> Optional.of(order.deadline());
      case DeskAction.SettleTogether(var order, _, _) -> Optional.of(order.deadline());
      case DeskAction.SettleByMeter(var order, _, _) -> Optional.of(order.deadline());
      case DeskAction.Acknowledge(var order, _, var signature) ->
          Optional.of(
              signature.isPresent()
                  ? order.terms().window().end().plus(receipts)
                  : order.deadline()); // the seller settles behind it
      case DeskAction.OfListing _,
          DeskAction.OfQuotes _,
          DeskAction.Announce _,
          DeskAction.Request _,
          DeskAction.Confirm _,
          DeskAction.Refuse _,
          DeskAction.Sign _,
          DeskAction.Begin _,
          DeskAction.Expire _,
          DeskAction.Collect _ ->
          Optional.empty();
    };
  }
}
