package chargepile.agent.runtime;

import chargepile.agent.ocmf.ClockStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The machine's own clocks. */
public final class SystemTime implements Time, AutoCloseable {
  /** Made by systemd-timesyncd once a time server has set the clock. */
  private static final Path SYNCHRONISED = Path.of("/run/systemd/timesync/synchronized");

  private static final long LOOK_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  /**
   * What was found.
   *
   * @param untilNanos when to look again
   */
  private record Found(ClockStatus status, long untilNanos) {}

  private final Path mark;
  private final ScheduledExecutorService timers =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("timers").daemon().factory());

  private volatile Found found = new Found(ClockStatus.UNKNOWN, System.nanoTime());

  public SystemTime() {
    this(SYNCHRONISED);
  }

  /**
   * @param mark a file that is there when the clock is set
   */
  SystemTime(Path mark) {
    this.mark = mark;
  }

  @Override
  public ClockStatus wallStatus() {
    Found last = found;
    if (nanos() - last.untilNanos >= 0) {
      last =
          new Found(
              Files.exists(mark) ? ClockStatus.SYNCHRONISED : ClockStatus.UNKNOWN,
              nanos() + LOOK_EVERY_NANOS);
      found = last;
    }
    return last.status;
  }

  @Override
  public Instant wall() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    var future = timers.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }
}
