package chargepile.agent.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Ctrl-C and SIGTERM: interrupts the command and gives it time to close what it opened. The process
 * then ends with the signal's exit code (130, 143).
 */
final class CleanStop {
  /** Shorter than the service's TimeoutStopSec, so that it is said before systemd kills. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private enum State {
    RUNNING,
    FINISHED,
    STOPPED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
  private final Thread command;

  private CleanStop(Thread command) {
    this.command = command;
  }

  static CleanStop watching(Thread command) {
    CleanStop stop = new CleanStop(command);
    Runtime.getRuntime().addShutdownHook(new Thread(stop::interrupt, "clean-stop"));
    return stop;
  }

  /** Ends the process, unless a signal is ending it already: to exit then would wait for ever. */
  void exit(int code) {
    if (state.compareAndSet(State.RUNNING, State.FINISHED)) {
      System.exit(code);
    }
  }

  private void interrupt() {
    if (!state.compareAndSet(State.RUNNING, State.STOPPED)) {
      return;
    }
    command.interrupt();
    try {
      if (!command.join(PATIENCE)) {
        System.err.printf(
            "chargepile: the command did not stop within %d s and is ended; what it stored is"
                + " intact%n",
            PATIENCE.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the process ends either way
    }
  }
}
