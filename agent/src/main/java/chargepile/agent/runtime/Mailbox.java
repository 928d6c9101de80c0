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
  private boolean lastWordsSaid; // of the mailbox's thread
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

  /** Enqueues a task; a stopped mailbox drops it. */
  @Override
  public void execute(Runnable task) {
    if (!closed || Thread.currentThread() == thread) {
      pending.incrementAndGet();
      tasks.add(task);
    }
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

  private void run() {
    try {
      // Not at the sight of closed: the last words may not be in the queue yet.
      while (!lastWordsSaid || !tasks.isEmpty()) {
        tasks.take().run();
        pending.decrementAndGet();
      }
    } catch (Throwable e) {
      // Not only exceptions: a library that does not load must not leave the contactor closed.
      fail(e);
    }
  }

  private void fail(Throwable e) {
    closed = true;
    try {
      onFailure.run();
    } catch (RuntimeException second) {
      e.addSuppressed(second);
    }
    Logger.error(e, "{} stops: {}", thread.getName(), e.getMessage());
    failure = e instanceof RuntimeException known ? known : new NodeFailedException("" + e, e);
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
    boolean working = !closed && thread.isAlive() && Thread.currentThread() != thread;
    closed = true;
    if (!working) {
      lastWordsSaid |= Thread.currentThread() == thread;
      return;
    }
    pending.incrementAndGet();
    tasks.add(
        () -> {
          lastWordsSaid = true;
          lastWords.run();
        });
    try {
      if (!thread.join(LONGEST_STOP)) {
        Logger.warn("{} is still at work after {} s", thread.getName(), LONGEST_STOP.toSeconds());
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
