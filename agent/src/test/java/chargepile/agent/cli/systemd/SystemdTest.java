package chargepile.agent.cli.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemdTest {
  private static final long PID = 7;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everythingReachesPathsAndAbstractNames(boolean hidden) throws Throwable {
    String address = (hidden ? "@" : "") + folder.resolve("notify");
    try (Receiver receiver = new Receiver(address);
        Systemd systemd = Systemd.of(Map.of("NOTIFY_SOCKET", address), PID)) {
      systemd.ready();
      assertEquals("READY=1", receiver.next());
      systemd.status("two\nlines");
      assertEquals("STATUS=two lines", receiver.next());
      systemd.status("two\nlines");
      assertEquals("", receiver.next(), "the same is not said again");
      systemd.waiting("no chain");
      assertEquals("EXTEND_TIMEOUT_USEC=120000000\nSTATUS=no chain", receiver.next());
      systemd.stopping();
      assertEquals("STOPPING=1\nSTATUS=stopping", receiver.next());
    }
  }

  @Test
  void aWorkerThatHangsIsSilent() throws Throwable {
    Queue<Runnable> worker = new ArrayDeque<>();
    try (Receiver receiver = new Receiver(folder + "/n");
        Systemd systemd = watched("1", Long.toString(PID))) {
      for (int i = 0; i < 3; i++) {
        systemd.beat(worker::add);
      }
      assertEquals("", receiver.next());
      assertEquals(1, worker.size(), "asked once, until it has answered");
      worker.remove().run();
      assertEquals("WATCHDOG=1", receiver.next());
      systemd.beat(worker::add);
      assertEquals(1, worker.size());
    }
  }

  @Test
  void theWatchdogOfAnotherProcessIsNotFed() throws Throwable {
    Queue<Runnable> worker = new ArrayDeque<>();
    try (Receiver receiver = new Receiver(folder + "/n");
        Systemd systemd = watched("1", "8")) {
      systemd.beat(worker::add);
      assertEquals(0, worker.size());
      assertEquals("", receiver.next());
    }
  }

  @Test
  void withoutAServiceManagerOrWithAnAddressThatIsNoneNothingHappens() {
    for (Map<String, String> environment :
        List.of(Map.<String, String>of(), Map.of("NOTIFY_SOCKET", "vsock:2:1"))) {
      try (Systemd systemd = Systemd.of(environment, PID)) {
        systemd.ready();
        systemd.beat(
            task -> {
              throw new AssertionError("no watchdog");
            });
      }
    }
  }

  private Systemd watched(String micros, String whose) {
    return Systemd.of(
        Map.of("NOTIFY_SOCKET", folder + "/n", "WATCHDOG_USEC", micros, "WATCHDOG_PID", whose),
        PID);
  }
}
