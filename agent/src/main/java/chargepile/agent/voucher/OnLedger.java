package chargepile.agent.voucher;

import chargepile.agent.units.Amount;
import java.time.Duration;

/** A channel as its contract holds it at some block. */
public sealed interface OnLedger {
  /** The contract knows no such channel. */
  record Missing() implements OnLedger {}

  /** In use. */
  record Open(Deposits deposits, Duration challengePeriod) implements OnLedger {}

  /**
   * Somebody asked to close it, and the challenge period runs or is over.
   *
   * @param paidByA the largest cumulative amount of A's vouchers that was presented; more than an
   *     amount holds is told as the largest amount
   * @param settleAfter the Unix time in seconds of the chain from which on it can be settled
   */
  record Closing(Deposits deposits, Amount paidByA, Amount paidByB, long settleAfter)
      implements OnLedger {
    /** What was presented of a side's vouchers. */
    public Amount paidBy(Party party) {
      return party == Party.A ? paidByA : paidByB;
    }
  }

  /**
   * Paid out.
   *
   * @param together whether both signed the payouts
   * @param payouts what each side was allotted
   * @param owed what of that could not be paid and waits in the contract to be fetched
   */
  record Settled(boolean together, Payouts payouts, Payouts owed) implements OnLedger {}
}
