package chargepile.agent.cli.agency;

import java.time.Duration;
import java.util.Optional;
import org.tinylog.Logger;

/** Says when the chain goes out of sight, during which orders may run out of time. Thread-safe. */
final class ChainSight {
  /** Looks are far less apart while the nodes answer. */
  private static final Duration LONGEST = Duration.ofSeconds(90);

  private long seenNanos;
  private Optional<String> trouble = Optional.empty();

  ChainSight(long nanos) {
    this.seenNanos = nanos;
  }

  /** A look was answered. */
  synchronized void seen(long nanos) {
    seenNanos = nanos;
  }

  /**
   * Judges, and logs what has changed.
   *
   * @param doubt of one who sees the blocks
   */
  synchronized void look(long nanos, Optional<String> doubt) {
    Duration silent = Duration.ofNanos(nanos - seenNanos);
    boolean lost = silent.compareTo(LONGEST) > 0 || doubt.isPresent();
    if (lost && trouble.isEmpty()) {
      trouble =
          Optional.of(
              doubt.orElse(
                  "the market could not be looked at for %d s".formatted(silent.toSeconds())));
      Logger.warn("{}: orders whose time is up meanwhile expire", trouble.get());
    } else if (!lost && trouble.isPresent()) {
      trouble = Optional.empty();
      Logger.info("the chain is in sight again");
    }
  }

  /** What is wrong now. */
  synchronized Optional<String> trouble() {
    return trouble;
  }
}
