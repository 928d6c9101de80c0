package chargepile.agent.market.order;

import java.time.Duration;

/**
 * How often a seller may publish or amend, so that nobody buries the others' listings (P2-05).
 *
 * @param changes publications and amendments of one seller at most in any {@code period}, 1 or more
 * @param period more than zero
 */
public record ListingRate(int changes, Duration period) {
  /** Every quarter of an hour each of thirty listings. */
  public static final ListingRate USUAL = new ListingRate(30, Duration.ofMinutes(15));

  public ListingRate {
    if (changes < 1 || period.isZero() || period.isNegative()) {
      throw new IllegalArgumentException("a rate is of one change or more in some time");
    }
  }
}
