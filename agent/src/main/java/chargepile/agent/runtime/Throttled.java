package chargepile.agent.runtime;

import java.time.Duration;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * Warnings that others can cause at will: a few in a row are logged, then one in so many seconds,
 * which says how many were not. Not thread-safe.
 */
final class Throttled {
  private static final int IN_A_ROW = 10;
  private static final Duration AFTERWARDS = Duration.ofSeconds(10);

  private final RateLimit limit;
  private long suppressed;

  Throttled(Time time) {
    this.limit = new RateLimit(time, IN_A_ROW, AFTERWARDS);
  }

  void warn(Supplier<String> text) {
    if (!limit.take()) {
      suppressed++;
      return;
    }
    if (suppressed > 0) {
      Logger.warn("{} (and {} like it that are not shown)", text.get(), suppressed);
      suppressed = 0;
    } else {
      Logger.warn("{}", text.get());
    }
  }
}
