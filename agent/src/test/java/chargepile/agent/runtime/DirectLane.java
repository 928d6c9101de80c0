package chargepile.agent.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Runs a node's tasks on the caller's thread, before the call that gave the first one returns. */
final class DirectLane implements Lane {
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (!running) {
      running = true;
      try {
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
          next.run();
        }
      } finally {
        running = false;
      }
    }
  }

  @Override
  public boolean isCurrent() {
    return running;
  }

  @Override
  public void finish(Duration most) {
    // Nothing waits: what is given is done at once.
  }
}
