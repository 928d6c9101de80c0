package chargepile.agent.market.order;

/** What an order waits for, and not for ever. */
public enum OrderDeadline {
  /** The seller's answer (P2-06). */
  CONFIRMATION,
  /** Both signatures of the terms (P2-08). */
  SIGNATURES,
  /** The review (P2-09). */
  REVIEW,
  /** The record on the chain (P2-11). */
  RECORD,
  /** The meter's evidence, some time after the delivery window (P2-11). */
  EVIDENCE
}
