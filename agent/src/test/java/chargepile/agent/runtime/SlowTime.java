package chargepile.agent.runtime;

import java.time.Duration;
import java.time.Instant;

/** Clocks that run at a quarter of the speed; timers do not. */
record SlowTime(Time time) implements Time {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  @Override
  public Instant wall() {
    return BEGIN.plus(Duration.between(BEGIN, time.wall()).dividedBy(4));
  }

  @Override
  public long nanos() {
    return time.nanos() / 4;
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return time.schedule(delay, task);
  }
}
