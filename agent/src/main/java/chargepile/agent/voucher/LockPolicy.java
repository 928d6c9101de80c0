package chargepile.agent.voucher;

import java.time.Duration;

/** When the next lock of a payment over several hops expires (P1-32). */
public sealed interface LockPolicy {
  /**
   * The expiry of the lock that a hop offers.
   *
   * @param taken that of the lock that it was offered, in Unix seconds of the chain
   */
  long next(long taken);

  /**
   * All expire together (paper 2): one entry in the contract's registry opens the locks of every
   * hop, so that who pays on by it can take by it. Wants channels of one contract.
   */
  record Registry() implements LockPolicy {
    @Override
    public long next(long taken) {
      return taken;
    }
  }

  /**
   * Each expires earlier than the one before (paper 1): who learns a preimage at the last moment
   * has so long to use it.
   */
  record Decrementing(Duration delta) implements LockPolicy {
    public Decrementing {
      if (delta.isNegative() || delta.isZero()) {
        throw new IllegalArgumentException("locks must expire one before the other: " + delta);
      }
    }

    @Override
    public long next(long taken) {
      return Math.max(0, taken - delta.toSeconds());
    }
  }
}
