package chargepile.agent.runtime;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import org.tinylog.Logger;

/**
 * Runs tasks one by one in their order: on a thread of its own, or in a simulation whenever that
 * comes to it. Tasks do not throw. {@link #execute} may be called from anywhere.
 */
public interface Lane extends Executor {
  /** Whether the caller is a task of this lane. */
  boolean isCurrent();

  /**
   * Runs what was given so far, and what that gives in turn; later tasks never run. Waits for that,
   * for so long at most, unless the caller is a task of this lane.
   */
  void finish(Duration most);

  /** A lane on a daemon thread, which begins with the first task. */
  static Lane thread(String name) {
    return new OwnThread(name);
  }

  /** The lane of a program at work. */
  final class OwnThread implements Lane {
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final Thread thread;
    private boolean last; // of the lane's thread

    private OwnThread(String name) {
      this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    @Override
    public synchronized void execute(Runnable task) {
      tasks.add(task);
      if (thread.getState() == Thread.State.NEW) {
        thread.start();
      }
    }

    @Override
    public boolean isCurrent() {
      return Thread.currentThread() == thread;
    }

    private void run() {
      try {
        while (!last || !tasks.isEmpty()) {
          tasks.take().run();
        }
      } catch (InterruptedException e) {
        Logger.warn("{} was interrupted at its end", thread.getName());
      }
    }

    @Override
    public void finish(Duration most) {
      if (thread.getState() == Thread.State.NEW) {
        return;
      }
      tasks.add(() -> last = true);
      try {
        if (!isCurrent() && !thread.join(most)) {
          Logger.warn("{} is still at work after {} s", thread.getName(), most.toSeconds());
          thread.interrupt();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
