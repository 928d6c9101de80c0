package chargepile.hal.vm;

import chargepile.hal.HardwareException;
import chargepile.hal.gpio.PiHardware;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A second program on the same chip, run by a user without rights who is in the group gpio. */
final class Child implements AutoCloseable {
  /** The user without rights that the machine knows. */
  static final String USER = "pile";

  private static final String ENGAGED = "engaged";
  private static final String OPENED = "opened";

  private final Process process;
  private final BufferedReader output;

  private Child(List<String> command) {
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** A pile that has closed its contactor and stays. */
  static Child thatEngages() {
    Child child = new Child(byUser("engage"));
    String said = child.says();
    Report.check(said.equals(ENGAGED), "the child did not close its contactor: %s", said);
    return child;
  }

  /** What a pile says that may not open the chip. */
  static String refused() {
    try (Child child = new Child(byUser("open"))) {
      return child.says();
    }
  }

  /** The program itself. */
  static void main(String what) throws InterruptedException {
    try (PiHardware pile = Pile.open()) {
      if (what.equals("engage")) {
        pile.contactor().engage();
        System.out.println(ENGAGED);
        Thread.sleep(Long.MAX_VALUE);
      }
      System.out.println(OPENED);
    } catch (HardwareException e) {
      System.out.println(e.getMessage());
    }
  }

  /** Ends it as a power-off of the program does: kill -9. */
  void kill() {
    process.destroyForcibly();
    gone();
  }

  /** Asks it to end, as systemd does. */
  int terminate() {
    process.destroy();
    return gone();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private int gone() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String says() {
    try {
      String line = output.readLine();
      return line == null ? "nothing, exit code " + gone() : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shell of {@code su} becomes the program, so that a signal to it is one to the program. */
  private static List<String> byUser(String what) {
    String java = "exec " + System.getProperty("chargepile.java") + " " + what;
    return List.of("/bin/su", "-s", "/bin/sh", "-c", java, USER);
  }
}
