package chargepile.agent.sim;

import chargepile.agent.runtime.Lane;
import chargepile.hal.sim.SimulatedClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A node's tasks as events of virtual time; can be held up, as a program that hangs is. */
final class VirtualLane implements Lane {
  private final SimulatedClock clock;
  private final Program program;
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private boolean current;
  private boolean held;
  private boolean finished;

  VirtualLane(SimulatedClock clock, Program program) {
    this.clock = clock;
    this.program = program;
  }

  @Override
  public void execute(Runnable task) {
    if (!finished) {
      tasks.add(task);
      if (!held) {
        clock.schedule(Duration.ZERO, this::runNext);
      }
    }
  }

  private void runNext() {
    if (!held) {
      run();
    }
  }

  private void run() {
    Runnable task = tasks.poll();
    if (task != null && !program.isDead()) {
      current = true;
      try {
        task.run();
      } catch (Crash e) {
        // Killed while it ended because of something else: it is dead all the same.
      } finally {
        current = false;
      }
    }
  }

  void hold() {
    held = true;
  }

  void release() {
    held = false;
    for (int i = 0; i < tasks.size(); i++) {
      clock.schedule(Duration.ZERO, this::runNext);
    }
  }

  @Override
  public boolean isCurrent() {
    return current;
  }

  @Override
  public void finish(Duration most) {
    while (!current && !tasks.isEmpty()) {
      run();
    }
    finished = true;
  }
}
