package chargepile.agent.session.leg;

import chargepile.agent.channel.Outcome;
import chargepile.agent.voucher.VoucherOutcome;

/** How a channel ended, on whichever ledger. */
public enum LegOutcome {
  /** Given up before there was money in it. */
  ABANDONED,
  /** Both signed for the end. */
  COOPERATIVE_CLOSE,
  /** One side closed it alone, and each got what it was due. */
  UNILATERAL_CLOSE,
  /** The peer published a revoked commitment transaction and lost everything (P1-34). */
  BREACH_REMEDIED,
  /** The peer published a revoked commitment transaction and got its output before the penalty. */
  BREACH_LOST,
  /** The funding output was spent by a transaction that this side does not know. */
  UNKNOWN_CLOSE,
  /** This side had lost its data: it took what the transaction that was published pays it. */
  RECOVERED,
  /** The peer closed with a stale voucher, and this side answered with the better one (P1-34). */
  STALE_CLOSE_ANSWERED,
  /** The challenge period was over before the better voucher got into the chain. */
  STALE_CLOSE_LOST,
  /** Nothing in it was this side's, so that closing it is the peer's business. */
  LEFT_TO_PEER;

  static LegOutcome of(Outcome outcome) {
    return switch (outcome) {
      case ABANDONED -> ABANDONED;
      case COOPERATIVE_CLOSE -> COOPERATIVE_CLOSE;
      case UNILATERAL_CLOSE -> UNILATERAL_CLOSE;
      case BREACH_REMEDIED -> BREACH_REMEDIED;
      case BREACH_LOST -> BREACH_LOST;
      case UNKNOWN_CLOSE -> UNKNOWN_CLOSE;
      case RECOVERED -> RECOVERED;
    };
  }

  static LegOutcome of(VoucherOutcome outcome) {
    return switch (outcome) {
      case ABANDONED -> ABANDONED;
      case COOPERATIVE_CLOSE -> COOPERATIVE_CLOSE;
      case UNILATERAL_CLOSE -> UNILATERAL_CLOSE;
      case STALE_CLOSE_ANSWERED -> STALE_CLOSE_ANSWERED;
      case STALE_CLOSE_LOST -> STALE_CLOSE_LOST;
      case LEFT_TO_PEER -> LEFT_TO_PEER;
    };
  }
}
