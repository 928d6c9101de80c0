package chargepile.agent.channel;

/** How a channel ended. */
public enum Outcome {
  /** Given up before it was funded; no money was committed. */
  ABANDONED,
  /** Both signed the closing transaction. */
  COOPERATIVE_CLOSE,
  /** One side published its latest commitment transaction. */
  UNILATERAL_CLOSE,
  /** The peer published a revoked commitment transaction and lost everything (P1-34). */
  BREACH_REMEDIED,
  /** The peer published a revoked commitment transaction and got its output before the penalty. */
  BREACH_LOST,
  /** The funding output was spent by a transaction that this side does not know. */
  UNKNOWN_CLOSE,
  /** This side had lost its data: it took what the transaction that was published pays it. */
  RECOVERED
}
