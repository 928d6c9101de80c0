package chargepile.agent.runtime;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Waits for chain and wallet, so that the mailbox never does; one task at a time. */
final class ChainThread implements Executor {
  private final Executor thread;
  private final Executor mailbox;
  private final AtomicInteger left = new AtomicInteger();

  ChainThread(Executor thread, Executor mailbox) {
    this.thread = thread;
    this.mailbox = mailbox;
  }

  /** Does {@code task} after those before it; what it throws ends the node. */
  @Override
  public void execute(Runnable task) {
    left.incrementAndGet();
    thread.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            mailbox.execute(
                () -> {
                  throw e; // a defect, which ends the node as one on the mailbox does
                });
          } finally {
            left.decrementAndGet();
          }
        });
  }

  /** Whether nothing is being asked. */
  boolean isIdle() {
    return left.get() == 0;
  }
}
