package chargepile.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process of its own gets the signals: its exit code is the virtual machine's doing. */
class CleanStopTest {
  private static final String READY = "ready";
  private static final String USUAL = "usual";
  private static final String CLOSED = "closed what was open";

  /** A command that waits, and closes what it opened when it is interrupted. */
  static final class Waiting {
    private Waiting() {}

    @SuppressWarnings("SystemOut") // the parent reads it
    static void main(String[] args) {
      boolean usual = args.length > 0 && args[0].equals(USUAL);
      CleanStop stop = CleanStop.watching(Thread.currentThread(), CleanStop.USUAL_PATIENCE, usual);
      System.out.println(READY);
      if (args.length > 0 && !usual) {
        stop.exit(Integer.parseInt(args[0]));
      }
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException e) {
        System.out.println(CLOSED);
        stop.exit(usual ? 0 : Failures.STOPPED);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalLetsTheCommandCloseWhatItOpened(String signal, int exit)
      throws IOException, InterruptedException {
    signalled(signal, exit, start());
  }

  @ParameterizedTest
  @CsvSource({"INT", "TERM"})
  void whereASignalIsTheUsualEndItsExitCodeIsZero(String signal)
      throws IOException, InterruptedException {
    signalled(signal, 0, start(USUAL));
  }

  private static void signalled(String signal, int exit, Process process)
      throws IOException, InterruptedException {
    try (BufferedReader said = process.inputReader()) {
      assertEquals(READY, said.readLine());
      assumeTrue(
          !signal.equals("INT") || hearsInterrupts(process),
          "skipped: these tests run in the background of a shell, which ignores Ctrl-C");
      signal(signal, process);
      assertEquals(CLOSED, said.readLine());
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(exit, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  /** A process inherits ignored signals, and Java leaves them ignored. */
  private static boolean hearsInterrupts(Process process) throws IOException {
    String ignored =
        Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    return (Long.parseUnsignedLong(ignored.substring(7).strip(), 16) & 0b10) == 0;
  }

  @Test
  void aFinishedCommandEndsWithItsOwnCode() throws IOException, InterruptedException {
    Process process = start("7");
    try {
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(7, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Waiting.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static void signal(String name, Process process)
      throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
            .redirectErrorStream(true)
            .start();
    String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, kill.waitFor(), said);
  }

  @Test
  void aDaemonThatHangsEndsItselfWithinFiveSeconds() {
    assertTrue(CleanStop.DAEMONS_PATIENCE.toMillis() < 5_000);
  }
}
