package chargepile.hal.sim;

import chargepile.hal.Register;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A meter in a circuit that is made and broken: it runs along the trace while current flows and
 * stands still otherwise. Safe from any thread; pulses are told on the stepping thread.
 */
final class MeterFlow {
  private final SimulatedClock clock;
  private final TraceCursor cursor;
  private final Consumer<Register> onPulse;
  private boolean circuit;
  private long countedUpToNanos;
  private SimulatedClock.@Nullable Timer happening;

  MeterFlow(SimulatedClock clock, TraceCursor cursor, Consumer<Register> onPulse) {
    this.clock = clock;
    this.cursor = cursor;
    this.onPulse = onPulse;
  }

  /** Makes or breaks the circuit now. */
  synchronized void circuit(boolean made) {
    settle();
    circuit = made;
    replan();
  }

  synchronized void rewind() {
    settle();
    cursor.rewind();
    replan();
  }

  synchronized long milliwatts() {
    return circuit ? cursor.milliwatts() : 0;
  }

  synchronized boolean ended() {
    return cursor.ended();
  }

  synchronized long milliWattHours(Register register) {
    settle();
    return cursor.milliWattHours(register);
  }

  synchronized long pulses(Register register) {
    settle();
    return cursor.pulses(register);
  }

  private boolean flowing() {
    return circuit && !cursor.ended();
  }

  private synchronized void happen() {
    settle();
    replan();
  }

  /** Counts up to now; a pulse that is due in this very nanosecond becomes a timer. */
  private void settle() {
    long now = clock.nanos();
    if (flowing()) {
      Register pulse = cursor.advance(now - countedUpToNanos);
      if (pulse != null) {
        clock.scheduleAt(now, () -> onPulse.accept(pulse));
      }
    }
    countedUpToNanos = now;
  }

  /** Plans the next happening anew. */
  private void replan() {
    if (happening != null) {
      happening.cancel();
      happening = null;
    }
    if (flowing()) {
      happening = clock.scheduleAt(countedUpToNanos + cursor.nanosToHappening(), this::happen);
    }
  }
}
