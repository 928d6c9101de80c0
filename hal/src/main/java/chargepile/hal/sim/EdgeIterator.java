package chargepile.hal.sim;

import chargepile.hal.Edge;
import chargepile.hal.Register;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Walks a trace and makes the meter's edges one by one. */
final class EdgeIterator implements Iterator<Edge> {
  private record SwitchOff(Register register, long atNanos) {}

  private final TraceCursor cursor;
  private final long widthNanos;
  private final ArrayDeque<Edge> ready = new ArrayDeque<>();
  private final PriorityQueue<SwitchOff> offs =
      new PriorityQueue<>((a, b) -> Long.compare(a.atNanos, b.atNanos));
  private long nowNanos;
  private long importSequence;
  private long exportSequence;

  EdgeIterator(S0Meter meter, PowerTrace trace, long startNanos) {
    this.cursor = new TraceCursor(trace, meter.impPerKwh());
    this.widthNanos = meter.pulseWidth().toNanos();
    this.nowNanos = startNanos;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !(cursor.ended() && offs.isEmpty())) {
      runOn();
    }
    return !ready.isEmpty();
  }

  @Override
  public Edge next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the trace has no more edges");
    }
    return ready.removeFirst();
  }

  private void runOn() {
    long untilHappening = cursor.ended() ? Long.MAX_VALUE : cursor.nanosToHappening();
    SwitchOff off = offs.peek();
    if (off != null && off.atNanos - nowNanos <= untilHappening) {
      offs.remove();
      run(off.atNanos - nowNanos);
      ready.add(edge(off.register, false, off.atNanos));
    } else {
      run(untilHappening);
    }
  }

  private void run(long nanos) {
    nowNanos += nanos;
    @Nullable Register pulse = cursor.ended() ? null : cursor.advance(nanos);
    if (pulse != null) {
      ready.add(edge(pulse, true, nowNanos));
      offs.add(new SwitchOff(pulse, nowNanos + widthNanos));
    }
  }

  private Edge edge(Register register, boolean active, long atNanos) {
    long sequence =
        switch (register) {
          case IMPORT -> ++importSequence;
          case EXPORT -> ++exportSequence;
        };
    return new Edge(register, active, atNanos, sequence);
  }
}
