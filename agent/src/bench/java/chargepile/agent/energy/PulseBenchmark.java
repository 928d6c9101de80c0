package chargepile.agent.energy;

import chargepile.agent.units.Direction;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What an edge of the meter costs: pulses of 40 ms, one every 200 ms. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PulseBenchmark {
  private static final long WIDTH_NANOS = 40_000_000;
  private static final long SPACING_NANOS = 200_000_000;

  private PulseCounter counter = PulseCounter.start(MeterSettings.s0(1000, 22_000));
  private long edges;

  /** The next edge, on and off in turn. */
  @Benchmark
  public Counted edge() {
    boolean active = edges % 2 == 0;
    long time = edges / 2 * SPACING_NANOS + (active ? 0 : WIDTH_NANOS);
    Counted counted = counter.on(new EdgeReading(Direction.IMPORT, active, time, edges++));
    counter = counted.next();
    return counted;
  }
}
