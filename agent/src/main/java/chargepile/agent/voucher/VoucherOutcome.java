package chargepile.agent.voucher;

/** How a voucher channel ended. */
public enum VoucherOutcome {
  /** Given up before it was opened on the chain. */
  ABANDONED,
  /** Both signed the payouts. */
  COOPERATIVE_CLOSE,
  /** One side asked the contract to close, and the other was paid what it was due. */
  UNILATERAL_CLOSE,
  /** The peer closed with a stale voucher, and this side answered with the better one (P1-34). */
  STALE_CLOSE_ANSWERED,
  /** The challenge period was over before the better voucher got into the chain. */
  STALE_CLOSE_LOST,
  /** Nothing in it was this side's, so that closing it is the peer's business. */
  LEFT_TO_PEER
}
