package chargepile.agent.market.order;

import chargepile.agent.market.Trader;

/** What can happen to an order. */
public sealed interface OrderEvent {
  /** The seller agrees (P2-07). */
  record Confirm(Trader by) implements OrderEvent {}

  /** The seller does not (P2-07). */
  record Refuse(Trader by) implements OrderEvent {}

  /** A party's signature of the terms, which was found good (P2-08). */
  record Sign(Trader by) implements OrderEvent {}

  /** The review's yes (P2-09). */
  record Approve() implements OrderEvent {}

  /** The review's no (P2-09). */
  record Reject(RejectionReason reason) implements OrderEvent {}

  /** It is on record for good (P2-11). */
  record Recorded() implements OrderEvent {}

  /** The delivery begins. */
  record Begin() implements OrderEvent {}

  /** The meter's evidence, which was found good (P2-11). */
  record Metered(Metering metering) implements OrderEvent {}

  /** A deadline passed; where the order no longer waits for that, nothing happens. */
  record DeadlinePassed(OrderDeadline deadline) implements OrderEvent {}
}
