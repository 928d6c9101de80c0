package chargepile.agent.market;

import java.time.Duration;

/**
 * How a trading cycle runs (P1-03, P1-42).
 *
 * @param length more than zero
 * @param rounds matchings in a cycle, 1 or more; quotes can be changed between them
 * @param matchesPerRound pairs matched in a round at most, 1 or more. {@link MatchList#UNLIMITED}:
 *     until none crosses; 1: all may adjust their prices after each pair, paper 1's words
 * @param limits what the book takes
 */
public record CycleRules(
    CrossRule crossRule, Duration length, int rounds, int matchesPerRound, BookLimits limits) {
  /** Quarter of an hour, as electricity markets have it, and four rounds. */
  public static final CycleRules USUAL =
      new CycleRules(
          CrossRule.STRICT, Duration.ofMinutes(15), 4, MatchList.UNLIMITED, BookLimits.USUAL);

  public CycleRules {
    if (length.isZero() || length.isNegative()) {
      throw new IllegalArgumentException("a cycle takes time");
    }
    if (rounds < 1 || matchesPerRound < 1) {
      throw new IllegalArgumentException("rounds and matches of a cycle are 1 or more");
    }
  }
}
