package chargepile.agent.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Ctrl-C and SIGTERM: interrupts the command and gives it time to close what it opened. The process
 * then ends with the signal's exit code (130, 143), or with 0 where a signal is the usual end.
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
  private final boolean usual;

  /** Whether the command ended well although it was interrupted. */
  private volatile boolean endedWell;

  private CleanStop(Thread command, Duration patience, boolean usual) {
    this.command = command;
    this.patience = patience;
    this.usual = usual;
  }

  /**
   * @param patience how long the command may take to close what it opened
   */
  static CleanStop watching(Thread command, Duration patience) {
    return watching(command, patience, false);
  }

  /**
   * @param patience how long the command may take to close what it opened
   * @param usual whether a signal is how the command ends: done well, its exit code is 0
   */
  static CleanStop watching(Thread command, Duration patience, boolean usual) {
    CleanStop stop = new CleanStop(command, patience, usual);
    Runtime.getRuntime().addShutdownHook(new Thread(stop::interrupt, "clean-stop"));
    return stop;
  }

  /** Ends the process, unless a signal is ending it already: to exit then would wait for ever. */
  void exit(int code) {
    if (state.compareAndSet(State.RUNNING, State.FINISHED)) {
      System.exit(code);
    }
    endedWell = code == 0;
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
      } else if (usual && endedWell) {
        Runtime.getRuntime().halt(0); // else the exit code is the signal's, whatever was done
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the process ends either way
    }
  }
}
