package chargepile.agent.energy;

import chargepile.agent.units.Direction;
import java.util.ArrayList;
import java.util.List;

/** Writes the edges of a line, in microseconds for short. */
final class Edges {
  private final List<EdgeReading> readings = new ArrayList<>();
  private boolean active;
  private long micros;
  private long sequence;

  /** The line stays as it is for a while. */
  Edges hold(long forMicros) {
    micros += forMicros;
    return this;
  }

  Edges on() {
    return to(true);
  }

  Edges off() {
    return to(false);
  }

  Edges pulse(long widthMicros) {
    return on().hold(widthMicros).off();
  }

  /** Changes the line as often as there are phases, each lasting so long. */
  Edges chatter(List<Integer> phasesMicros) {
    for (int phase : phasesMicros) {
      to(!active).hold(phase);
    }
    return this;
  }

  /** The next edges are lost before they are read. */
  Edges lose(int edges) {
    sequence += edges;
    active ^= edges % 2 == 1;
    return this;
  }

  Edges sequence(long next) {
    sequence = next - 1;
    return this;
  }

  /** An edge to this level, also when it is that of the line already. */
  Edges to(boolean level) {
    active = level;
    sequence++;
    readings.add(new EdgeReading(Direction.IMPORT, level, micros * 1000, sequence));
    return this;
  }

  List<EdgeReading> readings() {
    return List.copyOf(readings);
  }

  /** All that a fresh counter finds. */
  List<PulseNotice> count(MeterSettings settings) {
    PulseCounter counter = PulseCounter.start(settings);
    List<PulseNotice> notices = new ArrayList<>();
    for (EdgeReading reading : readings) {
      Counted counted = counter.on(reading);
      notices.addAll(counted.notices());
      counter = counted.next();
    }
    return notices;
  }

  /** The pulses that a fresh counter finds. */
  long pulses(MeterSettings settings) {
    return count(settings).stream().filter(PulseNotice.Pulse.class::isInstance).count();
  }
}
