package chargepile.agent.cli.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A systemd of the test's own with one service: a user's manager in namespaces of its own, so that
 * it needs no machine that was booted with systemd, and nothing outside sees it.
 */
final class PrivateSystemd implements AutoCloseable {
  private static final String PROGRAM = "/lib/systemd/systemd";
  private static final long PATIENCE_SECONDS = 90;
  private static final String ANSWERED = "-- answered";

  /** Reads commands, a line each, and answers each with what it says. */
  private static final String SHELL =
      """
      mount -t tmpfs tmpfs /run
      mkdir -p /run/systemd/system /run/user/0 /run/home/systemd/user
      chmod 700 /run/user/0
      cp "$1" /run/home/systemd/user/
      export XDG_RUNTIME_DIR=/run/user/0 HOME=/run/home XDG_CONFIG_HOME=/run/home
      export SYSTEMD_LOG_TARGET=console
      %s --user --unit="${1##*/}" </dev/null >/run/log 2>&1 &
      manager=$!
      for i in $(seq 100); do
        systemctl --user show-environment >/dev/null 2>&1 && break
        kill -0 $manager 2>/dev/null || break
        sleep 0.1
      done
      systemctl --user show-environment >/dev/null || { cat /run/log; exit 1; }
      echo '%s'
      while read -r line; do
        eval "$line" 2>&1 || true
        echo '%s'
      done
      """
          .formatted(PROGRAM, ANSWERED, ANSWERED);

  private final Process holder;
  private final BufferedReader said;
  private final PrintWriter commands;

  private PrivateSystemd(Process holder) {
    this.holder = holder;
    this.said = holder.inputReader(StandardCharsets.UTF_8);
    this.commands = new PrintWriter(holder.outputWriter(StandardCharsets.UTF_8), true);
  }

  /** Starts the service in {@code unit}; aborts the test where there can be no such systemd. */
  static PrivateSystemd with(Path unit) throws IOException {
    if (!Files.isExecutable(Path.of(PROGRAM))) {
      Assumptions.abort("skipped: no systemd on this machine");
    }
    List<String> command = new ArrayList<>(List.of("unshare"));
    if (!"root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(
        List.of("--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--uts", "--ipc"));
    command.addAll(List.of("--cgroup", "sh", "-ec", SHELL, "sh", unit.toString()));
    PrivateSystemd systemd =
        new PrivateSystemd(new ProcessBuilder(command).redirectErrorStream(true).start());
    String answer = systemd.answer();
    if (!systemd.holder.isAlive()) {
      Assumptions.abort("skipped: no private systemd can be had here: " + answer);
    }
    return systemd;
  }

  /** What a command says, run beside the manager. */
  String run(String command) throws IOException {
    commands.println(command);
    return answer();
  }

  /** A property of the service. */
  String property(String name) throws IOException {
    return run("systemctl --user show --value --property=%s chargepile.service".formatted(name))
        .strip();
  }

  /** Waits until a property has a value. */
  void await(String name, String value) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String now = property(name);
    while (!now.matches(value)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "%s is %s and not %s:%n%s".formatted(name, now, value, run("cat /run/log")));
      }
      Thread.sleep(100);
      now = property(name);
    }
  }

  private String answer() throws IOException {
    StringBuilder answer = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.equals(ANSWERED)) {
        return answer.toString();
      }
      answer.append(line).append('\n');
    }
    try {
      holder.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answer.toString();
  }

  @Override
  public void close() {
    holder.destroyForcibly();
  }
}
