package chargepile.agent.chain.redundant;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether two chains disagree more than a race of miners explains, as comparisons of them come in.
 *
 * @param began when the present fork was first seen; empty without one
 * @param told whether an alert was raised that has not been taken back
 */
record Dispute(Optional<Instant> began, boolean told) {
  static final Dispute NONE = new Dispute(Optional.empty(), false);

  /** A fork so deep is no race. */
  static final int ALERT_DEPTH = 2;

  /** What changes for the operator. */
  enum Change {
    NOTHING,
    DISAGREE,
    AGREE
  }

  record Step(Dispute next, Change change) {}

  /**
   * After a comparison.
   *
   * @param patience how long a fork of one block may last
   */
  Step on(Optional<Fork> fork, Instant now, Duration patience) {
    if (fork.isEmpty()) {
      return new Step(NONE, told ? Change.AGREE : Change.NOTHING);
    }
    Instant since = began.filter(instant -> !instant.isAfter(now)).orElse(now);
    boolean alarming =
        fork.get().depth() >= ALERT_DEPTH || Duration.between(since, now).compareTo(patience) > 0;
    return new Step(
        new Dispute(Optional.of(since), told || alarming),
        alarming && !told ? Change.DISAGREE : Change.NOTHING);
  }
}
