package chargepile.agent.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Ctrl-C and SIGTERM: interrupts the command and gives it time to close what it opened. The process
 * then ends with the signal's exit code (130, 143).
 */
final class CleanStop {
  /** For a driver too, which settles its session on the way out. */
  static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);

  /** Shorter than the service's TimeoutStopSec, so that it is said before systemd kills. */
  static final Duration DAEMONS_PATIENCE = Duration.ofSeconds(4);

  private enum State {
    RUNNING,
    FINISHED,
    STOPPED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
  private final Thread command;
  private final Duration patience;

  private CleanStop(Thread command, Duration patience) {
    this.command = command;
    this.patience = patience;
  }

  /**
   * @param patience how long the command may take to close what it opened
   */
  static CleanStop watching(Thread command, Duration patience) {
    CleanStop stop = new CleanStop(command, patience);
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
      if (!command.join(patience)) {
        System.err.printf(
            "chargepile: the command did not stop within %d s and is ended; what it stored is"
                + " intact%n",
            patience.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the process ends either way
    }
  }
}
