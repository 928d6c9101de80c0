package chargepile.agent.cli.run;

import chargepile.agent.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** {@code chargepile} in a process of its own, which can be killed. */
final class Program implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 90;

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> heard = new ArrayList<>();
  private final Runnable meanwhile;
  private boolean terminated;

  /**
   * @param meanwhile done again and again while the test waits for the program
   */
  Program(Runnable meanwhile, String... args) throws IOException {
    this(meanwhile, List.of(), args);
  }

  /**
   * @param under what makes a process of the rest of its command line, such as {@code nice}
   */
  Program(Runnable meanwhile, List<String> under, String... args) throws IOException {
    this(meanwhile, under, SharedClasses.options(), args);
  }

  /**
   * @param classes the virtual machine's options that say where the program is
   */
  Program(Runnable meanwhile, List<String> under, List<String> classes, String... args)
      throws IOException {
    this.meanwhile = meanwhile;
    List<String> command = new ArrayList<>(under);
    command.addAll(command(classes, args));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread.ofPlatform().daemon().start(this::read);
  }

  /** The command line of the program itself. */
  static List<String> command(List<String> classes, String... args) {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
    command.addAll(classes);
    command.add(Main.class.getName());
    command.addAll(Arrays.asList(args));
    return command;
  }

  private void read() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("unreadable: " + e);
    }
  }

  /** The next line that is wanted; fails when the program ends, or says nothing of it for long. */
  String await(Predicate<String> wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < end) {
      String line = lines.poll(100, TimeUnit.MILLISECONDS);
      if (line != null) {
        heard.add(line);
        if (wanted.test(line)) {
          return line;
        }
      } else if (!process.isAlive() && lines.isEmpty()) {
        break;
      } else {
        meanwhile.run();
      }
    }
    throw new AssertionError("not said: " + String.join("\n", heard));
  }

  /** Waits so long, or until it ends. */
  void rest(Duration duration) throws InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      meanwhile.run();
      Thread.sleep(Math.clamp((end - System.nanoTime()) / 1_000_000, 1, 50));
    }
  }

  long pid() {
    return process.pid();
  }

  /** Whether {@link #terminate} was called. */
  boolean isTerminated() {
    return terminated;
  }

  /** Waits for the end; the exit code. */
  int exit() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("does not end: " + said());
      }
      meanwhile.run();
    }
    return process.exitValue();
  }

  /** Whether it ends within so long. */
  boolean endsWithin(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** All that it said so far. */
  String said() {
    lines.drainTo(heard);
    return String.join("\n", heard);
  }

  /** As a power cut does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM; what it says on the way out can still be read. */
  void terminate() {
    terminated = true;
    process.toHandle().destroy();
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
