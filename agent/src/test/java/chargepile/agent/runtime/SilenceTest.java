package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pile that hangs is found out, though its state can still be read. */
@Timeout(60)
final class SilenceTest {
  @Test
  void aPileThatHangsIsSilentForAsLong() {
    CountDownLatch held = new CountDownLatch(1);
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start()) {
      AtomicInteger asked = new AtomicInteger();
      Silence silence =
          new Silence(
              new TwoNodes.VirtualTime(nodes.clock),
              task -> {
                asked.incrementAndGet();
                nodes.pile.inTurn(task);
              });
      silence.ask();
      nodes.run(Duration.ofMinutes(1));
      silence.ask();
      nodes.settle();
      assertEquals(2, asked.get(), "what was answered is asked again");

      nodes.pile.inTurn(
          () -> {
            try {
              held.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      silence.ask();
      for (int seconds = 1; seconds <= 20; seconds++) {
        nodes.clock.advance(Duration.ofSeconds(1));
        assertEquals(Duration.ofSeconds(seconds), silence.ask());
      }
      assertEquals(3, asked.get(), "a pile that hangs has one question in its queue");

      held.countDown();
      nodes.settle();
      silence.ask();
      assertEquals(4, asked.get());
      nodes.settle();
    }
  }
}
