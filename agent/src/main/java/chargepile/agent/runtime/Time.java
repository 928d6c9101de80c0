package chargepile.agent.runtime;

import chargepile.agent.ocmf.ClockStatus;
import java.time.Duration;
import java.time.Instant;

/** Wall time, monotonic time and timers; the system's, or a simulation's. Thread-safe. */
public interface Time {
  /** For people and documents; may jump. */
  Instant wall();

  /** What {@link #wall} is worth; quickly told. */
  default ClockStatus wallStatus() {
    return ClockStatus.UNKNOWN;
  }

  /** The clock of the meter's time stamps and of all durations. */
  long nanos();

  /** Runs {@code task} once on a thread of the clock's, which must only be used to enqueue. */
  Timer schedule(Duration delay, Runnable task);

  /** A task to come. */
  interface Timer {
    /** Does nothing when the task has run already. */
    void cancel();
  }
}
