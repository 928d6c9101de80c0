package chargepile.agent.channel;

import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import java.util.Optional;

/**
 * What to bid for a place in a block: the present estimate, and more from block to block where a
 * deadline nears, until the deadline is worth nearly all that is at stake.
 *
 * @param estimate the feerate at present for confirmation within a few blocks; taken for no more
 *     than {@code maximum}, whatever a node says
 * @param maximum no bid is above
 */
record FeeLadder(Feerate estimate, Feerate maximum) {
  /** Without a deadline no more than this part of the stake goes to fees: patience is cheaper. */
  private static final int PATIENT_SHARE = 10;

  FeeLadder {
    maximum = larger(maximum, Feerate.MINIMUM_RELAY);
    estimate = smaller(larger(estimate, Feerate.MINIMUM_RELAY), maximum);
  }

  /**
   * The blocks in which a transaction can still be mined before another's turn comes.
   *
   * @param total how many there were, 1 or more
   * @param left how many there are, 1 to {@code total}
   */
  record Window(int total, int left) {
    Window {
      if (left < 1 || left > total) {
        throw new IllegalArgumentException("%d of %d blocks left".formatted(left, total));
      }
    }

    /** Up to the block of height {@code deadline}, which is the first that may be too late. */
    static Window until(long deadline, int total, BlockHeight tip) {
      long left = deadline - 1 - tip.value();
      return new Window(total, Math.clamp(left, 1, total));
    }

    /** Whether it is time to let nothing depend on anything else. */
    boolean isClosing() {
      return left <= Math.max(2, total / 4);
    }
  }

  /** The feerate that time asks for, whatever is at stake. */
  Feerate target(Optional<Window> window) {
    long rate =
        window
            .map(open -> estimate.satoshiPerKw() * open.total() / open.left())
            .orElse(estimate.satoshiPerKw());
    return smaller(new Feerate(rate), maximum);
  }

  /** The most that is paid in fees for {@code stake}: a tenth at first, nearly all at the end. */
  static Satoshi ceiling(Satoshi stake, Optional<Window> window) {
    long patient = stake.value() / PATIENT_SHARE;
    return window
        .map(
            open ->
                new Satoshi(
                    patient
                        + (stake.value() - patient) * (open.total() - open.left()) / open.total()))
        .orElse(new Satoshi(patient));
  }

  /**
   * The bid for a transaction of this weight: what time asks for as far as the stake is worth it;
   * never below what is relayed, for what costs too much today may be mined tomorrow.
   */
  Feerate bid(Satoshi stake, Optional<Window> window, int weight) {
    Feerate affordable = new Feerate(ceiling(stake, window).value() * 1000 / weight);
    return larger(smaller(target(window), affordable), Feerate.MINIMUM_RELAY);
  }

  /** Whether a higher feerate is worth another transaction in place of one that waits. */
  static boolean raises(Feerate waiting, Feerate bid) {
    return bid.satoshiPerKw() >= waiting.satoshiPerKw() + Math.max(1, waiting.satoshiPerKw() / 4);
  }

  /**
   * Whether nodes take one transaction in place of another (BIP 125: it pays for its own relay
   * besides, and at a higher feerate), and it is a quarter more: a bid that changes something.
   */
  static boolean replaces(Satoshi paid, int paidWeight, Satoshi offered, int offeredWeight) {
    return offered.value() >= paid.value() + paid.value() / 4
        && offered.value() >= paid.value() + relay(offeredWeight)
        && offered.value() * paidWeight > paid.value() * offeredWeight;
  }

  /** The least feerate at which a transaction of this weight takes the place of another. */
  static Feerate toReplace(Satoshi paid, int paidWeight, int weight) {
    long fee = paid.value() + Math.max(paid.value() / 4, relay(weight)) + 1;
    Feerate faster = new Feerate(paid.value() * 1000 / paidWeight + 2);
    return larger(new Feerate(fee * 1000 / weight + 1), faster);
  }

  private static long relay(int weight) {
    return weight / 4 + 1L;
  }

  private static Feerate larger(Feerate a, Feerate b) {
    return a.compareTo(b) < 0 ? b : a;
  }

  private static Feerate smaller(Feerate a, Feerate b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
