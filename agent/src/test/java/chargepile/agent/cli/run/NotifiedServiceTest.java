package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.cli.systemd.Receiver;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process of a service manager's. */
class NotifiedServiceTest {
  @Test
  void itSaysWhenItIsReadyThatItLivesAndThatItStops(@TempDir Path folder) throws Throwable {
    String address = folder.resolve("notify").toString();
    try (Receiver receiver = new Receiver(address);
        Site site =
            new Site(
                folder,
                "seconds,power_w\n0,18000\n60,0\n",
                "[tariff]\nprice_msat_per_kwh = 300000\n");
        Program pile =
            site.pileUnder(List.of("env", "NOTIFY_SOCKET=" + address, "WATCHDOG_USEC=400000"))) {
      receiver.await("READY=1");
      receiver.await("STATUS=no session; 0 channels; block " + site.node().height());
      for (int i = 0; i < 3; i++) {
        receiver.await("WATCHDOG=1");
      }
      pile.terminate();
      receiver.await("STOPPING=1");
      assertEquals(143, pile.exit(), pile.said());
    }
  }
}
