package chargepile.agent.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Judges what a chain says the time is by the own clock. Belongs to the mailbox. */
final class OwnClock {
  /** With a larger difference one of both is wrong. */
  private static final Duration LARGEST_DIFFERENCE = Duration.ofMinutes(5);

  private static final String AHEAD = "the chain is ahead";
  private static final String BEHIND = "the chain is behind";

  private final InstantSource clock;
  private final ToldOnce told;

  OwnClock(InstantSource clock, ToldOnce told) {
    this.clock = clock;
    this.told = told;
  }

  Instant now() {
    return clock.instant();
  }

  /** Whether a chain of that time is to be acted upon; tells why not. */
  boolean believes(Instant chain) {
    Instant now = now();
    if (chain.isAfter(now.plus(LARGEST_DIFFERENCE))) {
      told.tell(
          "nothing is done: the chain says it is %s, which is more than %d minutes ahead of the own clock, %s; set the clock, or see whether the node of evm.rpc_url follows the right chain"
              .formatted(chain, LARGEST_DIFFERENCE.toMinutes(), now),
          AHEAD);
      return false;
    }
    told.over(AHEAD);
    if (chain.isBefore(now.minus(LARGEST_DIFFERENCE))) {
      told.tell(
          "the latest block is of %s, more than %d minutes behind the own clock, %s: the node of evm.rpc_url lags behind, the chain stands still, or the clock is wrong; no session ends for what such a block does not show"
              .formatted(chain, LARGEST_DIFFERENCE.toMinutes(), now),
          BEHIND);
    } else {
      told.over(BEHIND);
    }
    return true;
  }
}
