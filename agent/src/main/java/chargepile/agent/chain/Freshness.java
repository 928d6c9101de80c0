package chargepile.agent.chain;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * When the last block of a node or server is too old for it to be believed: it has lost its peers.
 *
 * @param oldestTip empty: a tip of any age is believed
 */
public record Freshness(Optional<Duration> oldestTip, InstantSource clock) {
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
}
