package chargepile.agent.cli.demo;

import chargepile.agent.runtime.Time;
import chargepile.hal.sim.SimulatedClock;
import java.time.Duration;
import java.time.Instant;

/** The demo's virtual time as the nodes see it. */
record SimulatedTime(SimulatedClock clock) implements Time {
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
