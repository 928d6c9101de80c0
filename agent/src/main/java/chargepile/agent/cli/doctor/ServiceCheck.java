package chargepile.agent.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The daemon under systemd: whether it runs, comes back, and is watched. */
final class ServiceCheck implements Check {
  private static final String UNIT = "chargepile.service";

  /** There where systemd is the first process (sd_booted(3)). */
  private static final String SYSTEMD = "run/systemd/system";

  private final Machine machine;

  ServiceCheck(Machine machine) {
    this.machine = machine;
  }

  @Override
  public String name() {
    return "service";
  }

  @Override
  public List<Finding> look() throws IOException, InterruptedException {
    if (!Files.isDirectory(machine.at(SYSTEMD))) {
      return List.of(Finding.skipped("this machine does not run systemd"));
    }
    return judge(
        show("LoadState,ActiveState,Result,StatusText,NRestarts,UnitFileState,WatchdogUSec"));
  }

  /** The service's process; empty when it does not run or can't be asked for. */
  static OptionalLong mainProcess(Machine machine) {
    if (!Files.isDirectory(machine.at(SYSTEMD))) {
      return OptionalLong.empty();
    }
    try {
      long pid = Long.parseLong(show("MainPID").getOrDefault("MainPID", "0"));
      return pid > 0 ? OptionalLong.of(pid) : OptionalLong.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    }
  }

  private static Map<String, String> show(String names) throws IOException, InterruptedException {
    Process systemctl =
        new ProcessBuilder("timeout", "5", "systemctl", "show", UNIT, "--property=" + names)
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(systemctl.getInputStream().readAllBytes(), UTF_8);
      systemctl.waitFor();
      return properties(said);
    } finally {
      systemctl.destroy();
    }
  }

  /** {@code Name=value} a line. */
  static Map<String, String> properties(String said) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (String line : said.lines().toList()) {
      int at = line.indexOf('=');
      if (at > 0) {
        properties.put(line.substring(0, at), line.substring(at + 1));
      }
    }
    return properties;
  }

  static List<Finding> judge(Map<String, String> unit) {
    String load = unit.getOrDefault("LoadState", "");
    if (load.isEmpty()) {
      return List.of(Finding.skipped("systemd can't be asked here"));
    }
    if (!load.equals("loaded")) {
      return List.of(
          Finding.skipped(
              "there is no %s (%s): the daemon is not a service".formatted(UNIT, load)));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(state(unit));
    String watchdog = unit.getOrDefault("WatchdogUSec", "");
    if (watchdog.isEmpty() || watchdog.equals("0") || watchdog.equals("infinity")) {
      findings.add(
          Finding.warn(
              "no watchdog: a daemon that hangs is not ended, and its contactor stays as it is",
              "take WatchdogSec= out of the drop-in: systemctl edit chargepile"));
    }
    if (!unit.getOrDefault("UnitFileState", "").startsWith("enabled")) {
      findings.add(
          Finding.warn("it does not start with the machine", "systemctl enable chargepile"));
    }
    String restarts = unit.getOrDefault("NRestarts", "0");
    if (!restarts.equals("0") && !restarts.isEmpty()) {
      findings.add(
          Finding.warn(
              "systemd had to start it again %s times".formatted(restarts),
              "journalctl -u chargepile tells why"));
    }
    return findings;
  }

  private static Finding state(Map<String, String> unit) {
    String active = unit.getOrDefault("ActiveState", "");
    String status = unit.getOrDefault("StatusText", "");
    String said = status.isEmpty() ? "" : ": " + status;
    return switch (active) {
      case "active", "reloading" -> Finding.ok(UNIT + " runs" + said);
      case "activating" ->
          Finding.warn(
              UNIT + " is starting" + said, "journalctl -u chargepile tells what it waits for");
      case "failed" ->
          Finding.fail(
              "%s has failed (%s)".formatted(UNIT, unit.getOrDefault("Result", "unknown")),
              "journalctl -u chargepile tells why; then systemctl reset-failed chargepile and"
                  + " systemctl start chargepile");
      default ->
          Finding.warn(
              "%s does not run (%s): nobody watches the channels".formatted(UNIT, active),
              "systemctl start chargepile");
    };
  }
}
