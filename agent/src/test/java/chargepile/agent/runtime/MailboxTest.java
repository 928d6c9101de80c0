package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class MailboxTest {
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final Mailbox mailbox = new Mailbox(Lane.thread("test"), () -> done.add("failed"));

  @AfterEach
  void close() {
    mailbox.close();
  }

  private void awaitIdle() throws InterruptedException {
    while (!mailbox.isIdle()) {
      Thread.sleep(1); // the timeout ends it
    }
  }

  @Test
  void tasksRunOneByOneInTheirOrder() throws InterruptedException {
    mailbox.execute(() -> done.add("one"));
    mailbox.execute(
        () -> {
          done.add("two");
          mailbox.execute(() -> done.add("four"));
        });
    mailbox.execute(() -> done.add("three"));
    assertFalse(mailbox.isIdle());
    assertEquals(List.of(), done, "nothing runs before the start");
    mailbox.start();
    awaitIdle();
    assertEquals(List.of("one", "two", "three", "four"), done);
    assertNull(mailbox.failure());
  }

  @Test
  void aTaskThatThrowsIsTheLast() throws InterruptedException {
    RuntimeException why = new IllegalStateException("no longer right");
    mailbox.execute(
        () -> {
          throw why;
        });
    mailbox.execute(() -> done.add("never"));
    mailbox.start();
    awaitIdle();
    assertSame(why, mailbox.failure());
    mailbox.execute(() -> done.add("never"));
    assertTrue(mailbox.isIdle());
    mailbox.close(() -> done.add("never"));
    assertEquals(List.of("failed"), done);
  }

  @Test
  void anErrorIsAFailureToo() throws InterruptedException {
    mailbox.execute(
        () -> {
          throw new UnsatisfiedLinkError("no such library");
        });
    mailbox.start();
    awaitIdle();
    assertEquals(List.of("failed"), done);
    assertTrue(String.valueOf(mailbox.failure()).contains("no such library"));
  }

  @Test
  void theLastWordsComeAfterAllThatWasEnqueuedAndNothingElseDoes() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    mailbox.execute(
        () -> {
          running.countDown();
          try {
            mayEnd.await();
          } catch (InterruptedException e) {
            done.add("interrupted");
          }
          done.add("under way");
        });
    mailbox.execute(() -> done.add("enqueued"));
    mailbox.start();
    running.await();
    Thread closer =
        Thread.ofPlatform()
            .start(
                () ->
                    mailbox.close(
                        () -> {
                          done.add("goodbye");
                          mailbox.execute(() -> done.add("and away"));
                        }));
    while (!mailbox.isClosed()) {
      Thread.sleep(1);
    }
    mailbox.execute(() -> done.add("too late"));
    mayEnd.countDown();
    closer.join();
    assertEquals(List.of("under way", "enqueued", "goodbye", "and away"), done);
    assertTrue(mailbox.isIdle());
  }

  @Test
  void oneThatWasNeverStartedClosesAtOnce() {
    mailbox.close(() -> done.add("never"));
    assertEquals(List.of(), done);
  }
}
