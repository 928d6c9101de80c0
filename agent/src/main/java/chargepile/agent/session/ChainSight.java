package chargepile.agent.session;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether the chain is in sight. Who can't see it can't answer a breach in time, so nothing new is
 * put at stake when that has lasted longer than a grace.
 *
 * @param trouble why it is not; empty when it is, and before the chain was first asked
 * @param blind whether the grace is over
 */
public record ChainSight(Optional<ChainTrouble> trouble, boolean blind) {
  public static final ChainSight CLEAR = new ChainSight(Optional.empty(), false);

  /** For most: shorter than any delay of a channel, longer than a node's restart. */
  public static final Duration USUAL_GRACE = Duration.ofMinutes(10);

  /** The journal's word for the beginning of a trouble; its reason follows. */
  public static final String LOST = "chain out of sight";

  /** The journal's word for its end. */
  public static final String FOUND = "chain in sight";

  /** With what is known now; a trouble that has only another reason does not begin anew. */
  public ChainSight told(Optional<ChainTrouble> present) {
    return present.isEmpty() ? CLEAR : new ChainSight(present, blind);
  }

  /** At a time of the monotonic clock. */
  public ChainSight at(long nowNanos, Duration grace) {
    return new ChainSight(
        trouble, left(nowNanos, grace).filter(left -> !left.isPositive()).isPresent());
  }

  /** What is left of the grace, negative when it is over; empty without trouble. */
  public Optional<Duration> left(long nowNanos, Duration grace) {
    return trouble.map(t -> grace.minusNanos(nowNanos - t.sinceNanos()));
  }

  /** Why nothing new is begun, for people; empty when it may be. */
  public Optional<String> objection() {
    return trouble.filter(t -> blind).map(t -> "the chain is out of sight: " + t.reason());
  }
}
