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
          + "|RestartPreventExitStatus|RuntimeDirectory|RuntimeDirectoryMode|UMask"
          + "|SyslogLevelPrefix|LimitCORE";

  private static final String DROP_IN = "/run/home/systemd/user/chargepile.service.d";

  @TempDir private Path folder;

  @Test
  void itIsReadyStopsInTimeAndHoweverItIsKilledTheContactorOpens() throws Exception {
    Bench bench = new Bench(folder.resolve("chip"));
    try (Site site = new Site(folder, "[tariff]\nprice_msat_per_kwh = 300000\n");
        PrivateSystemd systemd = PrivateSystemd.with(unit(site, bench))) {
      systemd.await("ActiveState", "active");
      systemd.await("StatusText", "no session; 0 channels; block [0-9]+");

      // A daemon that starts again would open the contactor itself.
      systemd.run("mkdir " + DROP_IN);
      systemd.run("printf '[Service]\\nRestart=no\\n' >" + DROP_IN + "/alone.conf");
      systemd.run("systemctl --user daemon-reload");

      // killed under an edited configuration: the line that it took is opened
      String good = Files.readString(site.configuration());
      bench.leaveClosed();
      Files.writeString(site.configuration(), "[tariff]\nprice =\n[gpio]\ncontactor_pin = 5\n");
      systemd.run("systemctl --user kill --signal=KILL chargepile.service");
      systemd.await("ActiveState", "failed");
      assertFalse(bench.isClosed(), systemd.run("tail -n 30 /run/log"));
      Files.writeString(site.configuration(), good);
      systemd.run("systemctl --user start chargepile.service");
      systemd.await("ActiveState", "active");

      // hanging: the watchdog ends it
      bench.leaveClosed();
      systemd.run("kill -STOP " + systemd.property("MainPID"));
      systemd.await("ActiveState", "failed");
      assertEquals("watchdog", systemd.property("Result"));
      assertFalse(bench.isClosed(), systemd.run("tail -n 30 /run/log"));

      // with the unit's own Restart: started again
      systemd.run("rm -r " + DROP_IN);
      systemd.run("systemctl --user daemon-reload");
      systemd.run("systemctl --user start chargepile.service");
      systemd.await("ActiveState", "active");
      String first = systemd.property("MainPID");
      systemd.run("systemctl --user kill --signal=KILL chargepile.service");
      systemd.await("NRestarts", "[1-9][0-9]*");
      systemd.await("ActiveState", "active");
      assertFalse(first.equals(systemd.property("MainPID")));

      bench.leaveClosed();
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
    lines.add("WatchdogSec=20"); // sooner than the unit's: the test waits for it
    return Files.write(folder.resolve("chargepile.service"), lines);
  }

  private static String line(List<String> command) {
    return command.stream()
        .map(word -> "\"" + word.replace("%", "%%") + "\"")
        .collect(Collectors.joining(" "));
  }
}
