package chargepile.hal.vm;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The virtual machine of {@code src/test/vm}: built once, then booted for each run. */
final class VirtualMachine {
  private static final Path SCRIPTS = Path.of("src/test/vm").toAbsolutePath();
  private static final int BUILD_MINUTES = 10;
  private static final int RUN_MINUTES = 16;
  private static final int TAIL_LINES = 30;

  private record Ended(int exit, List<String> said) {}

  private final Path folder;

  private VirtualMachine(Path folder) {
    this.folder = folder;
  }

  /**
   * The machine in this folder. Where the machine that builds it lacks something, the script says
   * so and succeeds: the test is skipped. A script that fails, fails the test.
   */
  static VirtualMachine built(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder.getParent());
    Ended build =
        output(
            BUILD_MINUTES,
            folder.resolveSibling("gpio-vm-build.log"),
            SCRIPTS.resolve("build-vm.sh"),
            folder,
            Path.of(System.getProperty("java.home")));
    List<String> said = build.said;
    if (build.exit != 0) {
      throw new AssertionError(
          "build-vm.sh failed with %d; its last:%n%s".formatted(build.exit, tail(said)));
    }
    if (!Files.exists(folder.resolve("made-from"))) {
      Assumptions.abort(
          "skipped: " + (said.isEmpty() ? "no GPIO virtual machine" : said.getLast()));
    }
    return new VirtualMachine(folder);
  }

  /** The folder or jar that a class comes from. */
  static Path home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Boots, runs a program, and ends.
   *
   * @param files what it finds in {@code /app}
   * @return the lines of the serial console
   */
  List<String> run(List<Path> classPath, Class<?> program, List<Path> files)
      throws IOException, InterruptedException {
    Path app = Files.createTempDirectory(folder, "app");
    try {
      List<String> inside = new ArrayList<>();
      for (Path entry : classPath) {
        String name = "lib" + inside.size();
        copy(entry, app.resolve(name));
        inside.add("/app/" + name);
      }
      for (Path file : files) {
        copy(file, app.resolve(file.getFileName()));
      }
      Files.writeString(app.resolve("run"), script(String.join(":", inside), program.getName()));
      return output(
              RUN_MINUTES,
              folder.resolveSibling("gpio-vm-console.log"),
              SCRIPTS.resolve("boot-vm.sh"),
              folder,
              app)
          .said; // what became of each scenario tells more than QEMU's exit code
    } finally {
      delete(app);
    }
  }

  private static String script(String classPath, String program) {
    return """
    echo "root:x:0:0::/:/bin/sh" >/etc/passwd
    echo "%1$s:x:4242:4242::/:/bin/sh" >>/etc/passwd
    printf 'root:x:0:\\ngpio:x:997:%1$s\\n%1$s:x:4242:\\n' >/etc/group
    chmod -R a+rX /app /java /lib* /usr 2>/dev/null
    java="/java/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m"
        java="$java -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
    java="$java --enable-native-access=ALL-UNNAMED -Dslf4j.internal.verbosity=ERROR"
    java="$java -cp %2$s"
    $java "-Dchargepile.java=$java %3$s" %3$s
    """
        .formatted(Child.USER, classPath, program);
  }

  private static Ended output(int minutes, Path log, Path script, Path... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", script.toString()));
    for (Path argument : arguments) {
      command.add(argument.toString());
    }
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended;
    try {
      ended = process.waitFor(minutes, TimeUnit.MINUTES);
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
    List<String> said = Files.readString(log).lines().map(String::stripTrailing).toList();
    if (!ended) {
      throw new AssertionError("%s hangs; its last:%n%s".formatted(script, tail(said)));
    }
    return new Ended(process.exitValue(), said);
  }

  /** The last lines. */
  static String tail(List<String> said) {
    return String.join("\n", said.subList(Math.max(0, said.size() - TAIL_LINES), said.size()));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.toList().reversed()) {
        Files.delete(path);
      }
    }
  }
}
