package chargepile.agent.cli;

import chargepile.agent.runtime.Time;
import chargepile.hal.sim.SimulatedClock;
import java.time.Duration;
import java.time.Instant;

/** Virtual time as the nodes see it. */
public record SimulatedTime(SimulatedClock clock) implements Time {
  @Override
  public Instant wall() {
    return clock.instant();
  }

  @Override
  public long nanos() {
    return clock.nanos();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return clock.schedule(delay, task)::cancel;
  }
}
