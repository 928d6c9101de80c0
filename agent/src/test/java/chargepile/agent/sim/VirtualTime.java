package chargepile.agent.sim;

import chargepile.agent.runtime.Time;
import chargepile.hal.sim.SimulatedClock;
import java.time.Duration;
import java.time.Instant;

/** A program's clocks: wall time may jump, and a dead program's timers do not fire. */
final class VirtualTime implements Time {
  private final SimulatedClock clock;
  private final Program program;
  private final WallClock wallClock;

  /** What a party's wall clock is off by; outlives its programs. */
  static final class WallClock {
    Duration offset = Duration.ZERO;
  }

  VirtualTime(SimulatedClock clock, Program program, WallClock wallClock) {
    this.clock = clock;
    this.program = program;
    this.wallClock = wallClock;
  }

  @Override
  public Instant wall() {
    return clock.instant().plus(wallClock.offset);
  }

  @Override
  public long nanos() {
    return clock.nanos();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return clock.schedule(delay, alive(task))::cancel;
  }

  /** A task that does nothing once the program is dead. */
  Runnable alive(Runnable task) {
    return () -> {
      if (!program.isDead()) {
        task.run();
      }
    };
  }
}
