package chargepile.agent.runtime;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The one thread that owns a node's state, store and links. Everybody else only enqueues. A task
 * that throws ends the node: its state is no longer known to be right.
 */
final class Mailbox implements Executor, AutoCloseable {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final Runnable onFailure;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;

  /**
   * @param onFailure called on the mailbox's thread when a task threw, before anything else
   */
  Mailbox(String name, Runnable onFailure) {
    this.onFailure = onFailure;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void execute(Runnable task) {
    if (!closed) {
      pending.incrementAndGet();
      tasks.add(task);
    }
  }

  /** Whether no task waits or runs. */
  boolean isIdle() {
    return pending.get() == 0;
  }

  /** What ended the node, if anything did. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  private void run() {
    while (!closed) {
      try {
        Runnable task = tasks.take();
        task.run();
      } catch (InterruptedException e) {
        return; // asked to by close()
      } catch (RuntimeException e) {
        failure = e;
        closed = true;
        onFailure.run();
        Logger.error(e, "{} stops: {}", thread.getName(), e.getMessage());
      } finally {
        pending.decrementAndGet();
      }
    }
  }

  /** Finishes the task under way and drops the rest; waits for at most 5 seconds. */
  @Override
  public void close() {
    closed = true;
    if (Thread.currentThread() == thread) {
      return;
    }
    thread.interrupt();
    try {
      thread.join(LONGEST_STOP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
