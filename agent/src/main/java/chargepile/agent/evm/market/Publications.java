package chargepile.agent.evm.market;

import chargepile.agent.market.review.LineLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the agency has published, at some time: as the contract keeps it, which is what is in force
 * and at most one that is to come.
 *
 * @param next empty when nothing is to come
 */
public record Publications(LimitsNotice inForce, Optional<LimitsNotice> next) {
  /**
   * Out of every publication there was, the oldest first; the first was in force at once.
   *
   * @param notice after which the others come into force: one that is published before another came
   *     into force takes its place
   * @throws IllegalArgumentException when there is none
   */
  static Publications of(List<LimitsNotice> all, Duration notice, Instant now) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("an agency publishes limits from the beginning");
    }
    LimitsNotice current = all.getFirst();
    LimitsNotice latest = current;
    for (LimitsNotice published : all.subList(1, all.size())) {
      if (!published.from().minus(notice).isBefore(latest.from())) {
        current = latest;
      }
      latest = published;
    }
    return now.isBefore(latest.from())
        ? new Publications(current, Optional.of(latest))
        : new Publications(latest, Optional.empty());
  }

  /** The lines that come into force before a delivery ends; empty when there are none. */
  public List<LineLimit> linesToCome(Instant deliveryEnd) {
    return next.filter(
            notice ->
                notice.from().isBefore(deliveryEnd) && !notice.lines().equals(inForce.lines()))
        .map(LimitsNotice::lines)
        .orElse(List.of());
  }
}
