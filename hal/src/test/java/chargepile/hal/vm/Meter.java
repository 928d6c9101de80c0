package chargepile.hal.vm;

import chargepile.hal.Edge;
import chargepile.hal.Register;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes pulses on an S0 line and remembers between which two moments each edge was made. Every hold
 * begins when the edge before it has been made: under emulation no schedule can be kept.
 */
final class Meter {
  /**
   * An edge that was made.
   *
   * @param active on, which is low on the wire
   * @param earliestNanos monotonic time before it was made
   * @param latestNanos after it was made
   */
  record Made(boolean active, long earliestNanos, long latestNanos) {
    /** The least that can have passed since. */
    long leastSince(Made earlier) {
      return earliestNanos - earlier.latestNanos;
    }

    /** The most that can have passed since. */
    long mostSince(Made earlier) {
      return latestNanos - earlier.earliestNanos;
    }
  }

  private final GpioSim sim;
  private final int line;
  private final List<Made> made = new ArrayList<>();

  Meter(GpioSim sim, int line) {
    this.sim = sim;
    this.line = line;
  }

  Meter pulses(int count, Duration width, Duration pause) {
    for (int i = 0; i < count; i++) {
      edge(true).hold(width).edge(false).hold(pause);
    }
    return this;
  }

  Meter edge(boolean active) {
    long before = System.nanoTime();
    sim.pull(line, !active);
    made.add(new Made(active, before, System.nanoTime()));
    return this;
  }

  Meter hold(Duration time) {
    long since = System.nanoTime();
    for (long left = time.toNanos(); left > 0; left = since + time.toNanos() - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return this;
  }

  List<Made> made() {
    return made;
  }

  /** How many of the edges' pulses are at least so wide, by the kernel's time stamps. */
  static long wideEnough(List<Edge> edges, Duration width) {
    long count = 0;
    for (int i = 1; i < edges.size(); i++) {
      Edge start = edges.get(i - 1);
      Edge end = edges.get(i);
      if (start.active()
          && !end.active()
          && end.timestampNanos() - start.timestampNanos() >= width.toNanos()) {
        count++;
      }
    }
    return count;
  }

  static List<Edge> of(Register register, List<Edge> edges) {
    return edges.stream().filter(edge -> edge.register() == register).toList();
  }
}
