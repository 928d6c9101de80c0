package chargepile.agent.mqtt;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A scheduler whose time passes only when it is told to. */
final class VirtualTime implements Scheduler {
  private record Task(long due, long number, Runnable work) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
  private long now;
  private long scheduled;

  @Override
  public void schedule(Duration delay, Runnable task) {
    tasks.add(new Task(now + delay.toNanos(), scheduled++, task));
  }

  /** Runs what is due at the present moment, including what that brings about at once. */
  void settle() {
    pass(Duration.ZERO);
  }

  void pass(Duration duration) {
    long until = now + duration.toNanos();
    for (Task next = tasks.peek(); next != null && next.due() <= until; next = tasks.peek()) {
      tasks.remove(next);
      now = next.due();
      next.work().run();
    }
    now = until;
  }
}
