package chargepile.agent.runtime;

import java.time.Duration;

/** So many in a row, then one for each interval. Not thread-safe. */
final class RateLimit {
  private final Time time;
  private final int burst;
  private final long intervalNanos;
  private long left;
  private long since;

  RateLimit(Time time, int burst, Duration interval) {
    this.time = time;
    this.burst = burst;
    this.intervalNanos = interval.toNanos();
    this.left = burst;
    this.since = time.nanos();
  }

  /** Whether there is room for one more now, which is then taken. */
  boolean take() {
    long now = time.nanos();
    long more = (now - since) / intervalNanos;
    if (left + more >= burst) {
      left = burst;
      since = now;
    } else {
      left += more;
      since += more * intervalNanos;
    }
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }
}
