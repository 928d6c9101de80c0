package chargepile.agent.market.order;

/** Why an order was rejected: there is always a code (P2-09). */
public sealed interface RejectionReason {
  /** The first rule that it broke. */
  record Rule(ReviewRule rule) implements RejectionReason {}

  /** The agency's own word, which it answers for: it is published with the order. */
  record Veto(VetoReason why) implements RejectionReason {}

  /** What an agency may veto for. */
  enum VetoReason {
    GRID_EMERGENCY,
    MAINTENANCE,
    METERING_IN_DOUBT,
    LEGAL_ORDER
  }
}
