package chargepile.agent.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The one place where a node's state, store and links are used. Everybody else only enqueues. A
 * task that throws ends the node: its state is no longer known to be right.
 */
final class Mailbox implements Executor, AutoCloseable {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private final Lane lane;
  private final AtomicInteger pending = new AtomicInteger();
  private final Runnable onFailure;
  private @Nullable List<Runnable> beforeStart = new ArrayList<>();
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;

  /**
   * @param onFailure called on the lane when a task threw, before anything else
   */
  Mailbox(Lane lane, Runnable onFailure) {
    this.lane = lane;
    this.onFailure = onFailure;
  }

  /** Begins with what was enqueued so far. */
  synchronized void start() {
    List<Runnable> waiting = beforeStart;
    if (waiting != null) {
      beforeStart = null;
      waiting.forEach(this::give);
    }
  }

  /** Enqueues a task; a stopped mailbox drops it. */
  @Override
  public synchronized void execute(Runnable task) {
    if (closed && !lane.isCurrent()) {
      return;
    }
    pending.incrementAndGet();
    if (beforeStart != null) {
      beforeStart.add(task);
    } else {
      give(task);
    }
  }

  private void give(Runnable task) {
    lane.execute(() -> run(task));
  }

  private void run(Runnable task) {
    if (failure == null) {
      try {
        task.run();
      } catch (Throwable e) {
        // Not only exceptions: a library that does not load must not leave the contactor closed.
        fail(e);
      }
    }
    pending.decrementAndGet();
  }

  private void fail(Throwable e) {
    closed = true;
    try {
      onFailure.run();
    } catch (RuntimeException second) {
      e.addSuppressed(second);
    }
    Logger.error(e, "a node stops: {}", e.getMessage());
    failure = e instanceof RuntimeException known ? known : new NodeFailedException("" + e, e);
  }

  /** Whether no task waits or runs, or none will be run any more. */
  boolean isIdle() {
    return failure != null || pending.get() == 0;
  }

  /** Whether tasks are dropped from now on. */
  boolean isClosed() {
    return closed;
  }

  /** What ended the node, if anything did. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  @Override
  public void close() {
    close(() -> {});
  }

  /**
   * Finishes what is enqueued, so that no pulse that was seen is lost, then does {@code lastWords}
   * with what they enqueue; waits for that, for at most 5 seconds. After a failure nothing more is
   * done.
   */
  void close(Runnable lastWords) {
    synchronized (this) {
      boolean working = !closed && beforeStart == null && !lane.isCurrent();
      closed = true;
      if (working) {
        pending.incrementAndGet();
        give(lastWords);
      }
    }
    lane.finish(LONGEST_STOP);
  }
}
