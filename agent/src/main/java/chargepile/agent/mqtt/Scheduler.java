package chargepile.agent.mqtt;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Timers, injected so that tests run under virtual time. */
public interface Scheduler {
  /**
   * Runs {@code task} once, {@code delay} from now. A timer can't be cancelled: a task that is no
   * longer wanted notices and does nothing. Tasks of equal due time run in the order given.
   */
  void schedule(Duration delay, Runnable task);

  /** Timers on {@code executor}, which the caller closes; after that they are dropped. */
  static Scheduler on(ScheduledExecutorService executor) {
    return (delay, task) -> {
      if (!executor.isShutdown()) {
        var unused = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      }
    };
  }
}
