package chargepile.agent.runtime;

import chargepile.agent.session.pile.PileEvent;
import chargepile.hal.Contactor;
import chargepile.hal.HardwareException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.tinylog.Logger;

/**
 * Opens the contactor, and goes on trying where that fails: a relay that is left energised feeds
 * the car whatever the state says. Meanwhile what was metered is settled. In the end the node gives
 * up, so that its process ends and the line is driven by whoever comes after it. Used on the
 * mailbox's thread.
 */
final class ContactorRelease {
  static final Duration AGAIN = Duration.ofSeconds(1);

  /** Long enough for a session to be settled, short enough for what flows meanwhile. */
  static final int MOST_FAILURES = 10;

  private final Contactor contactor;
  private final BooleanSupplier closed;
  private final Time time;
  private final Mailbox mailbox;
  private final Consumer<PileEvent> events;
  private int failures;
  private boolean waiting;

  /**
   * @param closed whether the contactor is to be closed
   * @param events hears that the hardware failed
   */
  ContactorRelease(
      Contactor contactor,
      BooleanSupplier closed,
      Time time,
      Mailbox mailbox,
      Consumer<PileEvent> events) {
    this.contactor = contactor;
    this.closed = closed;
    this.time = time;
    this.mailbox = mailbox;
    this.events = events;
  }

  /**
   * Opens the contactor.
   *
   * @throws NodeFailedException when that has failed too often
   */
  void release() {
    try {
      contactor.release();
      if (failures > 0) {
        Logger.warn("the contactor could be opened at attempt {}", failures + 1);
      }
      failures = 0;
    } catch (HardwareException e) {
      failed(e);
    }
  }

  /** Opens a contactor that is still commanded to be closed though it is to be open. */
  void insist() {
    if (!waiting && !closed.getAsBoolean() && (failures > 0 || contactor.commanded())) {
      release();
    }
  }

  private void failed(HardwareException e) {
    failures++;
    if (failures >= MOST_FAILURES) {
      throw new NodeFailedException(
          "the contactor could not be opened %d times, disconnect the pile from the grid: %s"
              .formatted(failures, e.getMessage()),
          e);
    }
    events.accept(new PileEvent.HardwareFailed(String.valueOf(e.getMessage())));
    if (!waiting) {
      waiting = true;
      time.schedule(AGAIN, () -> mailbox.execute(this::again));
    }
  }

  private void again() {
    waiting = false;
    insist();
  }
}
