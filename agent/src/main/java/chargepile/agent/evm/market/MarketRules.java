package chargepile.agent.evm.market;

import chargepile.agent.market.BookLimits;
import chargepile.agent.market.CrossRule;
import chargepile.agent.market.CycleRules;
import java.time.Duration;
import java.time.Instant;

/**
 * How the trading cycles of a quote book run, fixed when the contract was made (P1-03, P1-42).
 *
 * @param genesis when cycle 0 begins
 * @param cycle in the terms of the model
 * @param matching at the end of each round, in which it is matched and quotes stand still
 */
public record MarketRules(Instant genesis, CycleRules cycle, Duration matching) {
  /** How long a round is, its matching included. */
  public Duration round() {
    return cycle.length().dividedBy(cycle.rounds());
  }

  /** When a cycle begins. */
  public Instant start(long number) {
    return genesis.plus(cycle.length().multipliedBy(number));
  }

  /** When a round of a cycle begins to be matched. */
  public Instant matchingFrom(MarketClock clock) {
    return start(clock.cycle()).plus(round().multipliedBy(clock.round() + 1L)).minus(matching);
  }

  /**
   * @param weak whether equal prices trade (P1-38)
   */
  static MarketRules of(
      Instant genesis,
      Duration length,
      int rounds,
      Duration matching,
      int mostMatches,
      BookLimits limits,
      boolean weak) {
    return new MarketRules(
        genesis,
        new CycleRules(
            weak ? CrossRule.WEAK : CrossRule.STRICT, length, rounds, mostMatches, limits),
        matching);
  }
}
