package chargepile.agent.evm;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What transactions may cost: twice the base fee and the usual tip at first, so that six full
 * blocks in a row don't shut it out, then an eighth more at a time up to a cap, and no further than
 * the base fee asks for: twice a first bid of now, and four times where a deadline is near.
 *
 * @param leastTip what block builders want at least
 * @param cap per unit of gas
 * @param urgentCap per unit of gas where a deadline is near: what is lost by missing it decides
 * @param patience blocks until a transaction that can wait is raised; an urgent one is every block
 * @param lastCall how long before its deadline a transaction becomes urgent
 */
public record FeePolicy(Wei leastTip, Wei cap, Wei urgentCap, int patience, Duration lastCall) {
  /** For a chain whose base fee is some gwei in quiet hours. */
  public static final FeePolicy USUAL =
      new FeePolicy(Wei.of(100_000_000), Wei.ofGwei(200), Wei.ofGwei(2000), 3, Duration.ofHours(1));

  private static final int MARGIN = 2;
  private static final int URGENT_MARGIN = 4;

  public FeePolicy {
    if (patience < 1 || leastTip.compareTo(cap) > 0 || cap.compareTo(urgentCap) > 0) {
      throw new IllegalArgumentException(
          "least tip %s, cap %s, urgent cap %s, patience %d"
              .formatted(leastTip, cap, urgentCap, patience));
    }
  }

  /** A deadline that has passed can't be met at any price. */
  boolean isUrgent(TransactionIntent intent, Instant now) {
    return intent
        .deadline()
        .filter(latest -> now.isBefore(latest) && !now.isBefore(latest.minus(lastCall)))
        .isPresent();
  }

  Wei cap(boolean urgent) {
    return urgent ? urgentCap : cap;
  }

  int patience(boolean urgent) {
    return urgent ? 1 : patience;
  }

  /** At most the cap, even where that is too little for the next block. */
  FeeBid first(FeeHistory history, boolean urgent) {
    Wei tip = history.usualTip().max(leastTip).min(cap(urgent));
    return new FeeBid(history.nextBaseFee().times(2).plus(tip).min(cap(urgent)), tip);
  }

  /**
   * At most what can be paid, but enough for the next block as long as the cap is.
   *
   * @param purse what can be paid for a unit of gas
   */
  FeeBid first(FeeHistory history, boolean urgent, Wei purse) {
    Wei least = history.nextBaseFee().plus(leastTip);
    return first(history, urgent).within(purse.max(least));
  }

  /**
   * In place of bids of which none can be paid.
   *
   * @param least the lowest of them
   * @param purse what can be paid for a unit of gas
   * @return empty when that is too little for the next block
   */
  Optional<FeeBid> lowered(FeeBid least, FeeHistory history, boolean urgent, Wei purse) {
    return Optional.of(first(history, urgent).within(purse))
        .filter(bid -> bid.max().compareTo(least.max()) < 0)
        .filter(bid -> bid.max().compareTo(history.nextBaseFee()) >= 0);
  }

  /**
   * What replaces a bid; empty: that would be above the cap, or more than the base fee asks for.
   */
  Optional<FeeBid> next(FeeBid last, FeeHistory history, boolean urgent) {
    return next(last, history, urgent, cap(urgent));
  }

  /**
   * What replaces a bid.
   *
   * @param purse what can be paid for a unit of gas
   * @return empty when that would be above one of the bounds
   */
  Optional<FeeBid> next(FeeBid last, FeeHistory history, boolean urgent, Wei purse) {
    FeeBid raised = last.raised();
    FeeBid fresh = first(history, urgent);
    Wei most = fresh.max().times(urgent ? URGENT_MARGIN : MARGIN).min(cap(urgent)).min(purse);
    if (raised.max().compareTo(most) > 0) {
      return Optional.empty();
    }
    Wei max = raised.max().max(fresh.max()).min(most);
    return Optional.of(new FeeBid(max, raised.tip().max(fresh.tip()).min(max)));
  }
}
