package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped unit under a real systemd, without what only root's manager on a booted machine can
 * do: its user, its folders and its sandbox.
 */
class SystemdServiceTest {
  private static final String KEPT =
      "Type|NotifyAccess|TimeoutStartSec|TimeoutStopSec|SuccessExitStatus|Restart|RestartSec"
          + "|RestartPreventExitStatus|UMask|SyslogLevelPrefix|LimitCORE";

  @TempDir private Path folder;

  @Test
  void itIsReadyStopsInTimeAndHoweverItIsKilledTheContactorOpens() throws Exception {
    Bench bench = new Bench(folder.resolve("chip"));
    try (Site site = new Site(folder, "[tariff]\nprice_msat_per_kwh = 300000\n");
        PrivateSystemd systemd = PrivateSystemd.with(unit(site, bench))) {
      systemd.await("ActiveState", "active");
      systemd.await("StatusText", "no session; 0 channels; block [0-9]+");

      // killed: the contactor is opened, and the daemon started again
      String first = systemd.property("MainPID");
      bench.leaveClosed();
      systemd.run("systemctl --user kill --signal=KILL chargepile.service");
      systemd.await("NRestarts", "1");
      systemd.await("ActiveState", "active");
      assertFalse(bench.isClosed());
      assertFalse(first.equals(systemd.property("MainPID")));

      // hanging: the watchdog ends it
      bench.leaveClosed();
      systemd.run("kill -STOP " + systemd.property("MainPID"));
      systemd.await("NRestarts", "2");
      systemd.await("ActiveState", "active");
      assertFalse(bench.isClosed());

      systemd.run("systemctl --user stop chargepile.service");
      String log = systemd.run("tail -n 30 /run/log");
      assertEquals("success", systemd.property("Result"), log); // "timeout" at TimeoutStopSec
      assertEquals("inactive", systemd.property("ActiveState"), log);
      assertTrue(bench.wasTouched());
      assertFalse(bench.isClosed());
    }
  }

  private Path unit(Site site, Bench bench) throws IOException {
    List<String> lines = new ArrayList<>(List.of("[Unit]", "DefaultDependencies=no", "[Service]"));
    for (String line : Files.readAllLines(ServiceUnit.FILE)) {
      if (line.matches("(" + KEPT + ")=.*")) {
        lines.add(line);
      }
    }
    String config = site.configuration().toString();
    lines.add("ExecStart=" + line(bench.command("run", "--config", config)));
    lines.add("ExecStopPost=" + line(bench.command("open-contactor", "--config", config)));
    lines.add("WatchdogSec=8"); // sooner than the unit's: the test waits for it
    return Files.write(folder.resolve("chargepile.service"), lines);
  }

  private static String line(List<String> command) {
    return command.stream()
        .map(word -> "\"" + word.replace("%", "%%") + "\"")
        .collect(Collectors.joining(" "));
  }
}
