package chargepile.hal.sim;

import chargepile.hal.Edge;
import chargepile.hal.Register;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The input line of one pulse output, with everything that can happen to a pulse on its way. Only
 * the stepping thread touches it.
 */
final class SimulatedLine {
  private final Register register;
  private final SimulatedClock clock;
  private final Disturbances disturbances;
  private final long widthNanos;
  private final Consumer<Edge> sink;
  private final Random random;
  private boolean active;
  private long pulses;
  private long sequence;
  private SimulatedClock.@Nullable Timer switchOff;

  SimulatedLine(
      Register register,
      SimulatedClock clock,
      Disturbances disturbances,
      long widthNanos,
      Consumer<Edge> sink) {
    this.register = register;
    this.clock = clock;
    this.disturbances = disturbances;
    this.widthNanos = widthNanos;
    this.sink = sink;
    this.random = new Random(disturbances.seed() * 2 + (register == Register.EXPORT ? 1 : 0));
  }

  /** The meter completed a pulse: the output switches on now. */
  void pulse() {
    pulses++;
    if (disturbances.misses(register, pulses)) {
      return;
    }
    set(true);
    long at = clock.nanos();
    for (int bounce = 0; bounce < disturbances.bounces(); bounce++) {
      at += phase();
      clock.scheduleAt(at, () -> set(false));
      at += phase();
      clock.scheduleAt(at, () -> set(true));
    }
    boolean noisy = disturbances.noiseEvery() > 0 && pulses % disturbances.noiseEvery() == 0;
    switchOffAt(at + widthNanos, noisy);
  }

  /** Something other than the meter pulls the line; unseen while the output is on. */
  void spike(long spikeNanos) {
    if (!active) {
      set(true);
      switchOffAt(clock.nanos() + spikeNanos, false);
    }
  }

  private void switchOffAt(long atNanos, boolean thenNoise) {
    if (switchOff != null) {
      switchOff.cancel();
    }
    switchOff =
        clock.scheduleAt(
            atNanos,
            () -> {
              set(false);
              if (thenNoise) {
                noise();
              }
            });
  }

  /** A spike in the second quarter of the pause, which is at least a pulse width long. */
  private void noise() {
    long eighth = widthNanos / 8;
    long delay = 2 * eighth + random.nextLong(eighth);
    long spike = 1 + random.nextLong(eighth);
    clock.scheduleAt(clock.nanos() + delay, () -> spike(spike));
  }

  private long phase() {
    return random.nextLong(Disturbances.MAX_BOUNCE_NANOS / 8, Disturbances.MAX_BOUNCE_NANOS);
  }

  private void set(boolean on) {
    if (active == on) {
      return;
    }
    active = on;
    sequence++;
    if (!disturbances.loses(register, sequence)) {
      sink.accept(new Edge(register, on, clock.nanos(), sequence));
    }
  }
}
