package chargepile.agent.cli.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A mount namespace of its own, where an ordinary user may mount: a file system that is full or
 * read-only for the programs in it. Programs outside see none of it.
 */
final class PrivateMounts implements AutoCloseable {
  private final Process holder;

  private PrivateMounts(Process holder) {
    this.holder = holder;
  }

  /**
   * Runs {@code script} with {@code arguments} as its parameters in a new namespace and keeps that;
   * aborts the test where the kernel allows none.
   */
  static PrivateMounts after(String script, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-ec",
                script + "\necho mounted\nread -r _",
                "sh"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process holder = new ProcessBuilder(command).redirectErrorStream(true).start();
    // Not closed: the namespace lives as long as the shell reads.
    BufferedReader said = holder.inputReader();
    String line = said.readLine();
    if (!"mounted".equals(line)) {
      holder.destroyForcibly().waitFor();
      Assumptions.abort("skipped: no mount namespace for this user here: " + line);
    }
    return new PrivateMounts(holder);
  }

  /** What to put before a command, so that it runs there. */
  List<String> inside() {
    return List.of(
        "nsenter",
        "--target=" + holder.pid(),
        "--user",
        "--preserve-credentials",
        "--mount",
        "--wd=.");
  }

  /** Where a path of the namespace can be reached from outside. */
  Path outside(Path path) {
    return Path.of("/proc", Long.toString(holder.pid()), "root")
        .resolve(path.toString().substring(1));
  }

  @Override
  public void close() {
    holder.destroyForcibly();
  }
}
