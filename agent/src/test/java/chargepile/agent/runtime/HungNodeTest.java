package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.cli.systemd.Receiver;
import chargepile.agent.cli.systemd.Systemd;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service manager's watchdog is fed by the node's own thread, and by nothing else. */
@Timeout(60)
final class HungNodeTest {
  private static final String BEAT = "WATCHDOG=1";

  /** So short that every beat is due. */
  private static final String MICROS = "2";

  @Test
  void aPileWhoseThreadHangsInTheMiddleOfATransitionFeedsNoWatchdog(@TempDir Path folder)
      throws Throwable {
    String address = folder.resolve("notify").toString();
    Map<String, String> environment = Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", MICROS);
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch freed = new CountDownLatch(1);
    try (Receiver receiver = new Receiver(address);
        Systemd systemd = Systemd.of(environment, ProcessHandle.current().pid());
        TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start()) {
      nodes.settle();
      systemd.beat(nodes.pile::inTurn);
      nodes.settle();
      assertEquals(BEAT, receiver.next());

      nodes.pileObserver =
          transition -> {
            hangs.countDown();
            awaitQuietly(freed);
          };
      nodes.hardware.plugIn();
      hangs.await();
      for (int i = 0; i < 20; i++) {
        systemd.beat(nodes.pile::inTurn);
      }
      assertEquals("", receiver.next(), "however often it is asked");

      nodes.pileObserver = transition -> {};
      freed.countDown();
      nodes.settle();
      assertEquals(BEAT, receiver.next(), "once it goes on");
      assertEquals("", receiver.next(), "and only once");
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      if (!latch.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("nobody freed the node");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts the node", e);
    }
  }
}
