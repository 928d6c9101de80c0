package chargepile.agent.chain;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * When the last block of a node or server is too old for it to be believed: it has lost its peers.
 * And when it is so new that not it can be wrong but this machine's clock.
 *
 * @param oldestTip empty: a tip of any age is believed
 */
public record Freshness(Optional<Duration> oldestTip, InstantSource clock) {
  /** No node takes a block from later than this by its own clock (MAX_FUTURE_BLOCK_TIME). */
  private static final Duration FUTURE = Duration.ofHours(2);

  public Freshness {
    oldestTip.ifPresent(
        age -> {
          if (!age.isPositive()) {
            throw new IllegalArgumentException("an age above zero is needed, not " + age);
          }
        });
  }

  /** What suits a network. */
  public static Freshness usual(Network network, InstantSource clock) {
    return new Freshness(network.usualTipAge(), clock);
  }

  /** How old a tip is, if that is too old. */
  public Optional<Duration> tooOld(Instant tip) {
    Duration age = Duration.between(tip, clock.instant());
    return oldestTip.filter(most -> age.compareTo(most) > 0).map(most -> age);
  }

  /** How far the clock is behind a tip, if that is more than any tip can be early. */
  public Optional<Duration> behind(Instant tip) {
    Duration lead = Duration.between(clock.instant(), tip);
    return Optional.of(lead).filter(early -> early.compareTo(FUTURE) > 0);
  }
}
