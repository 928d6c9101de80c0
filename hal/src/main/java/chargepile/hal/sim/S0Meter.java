package chargepile.hal.sim;

import chargepile.hal.Edge;
import java.time.Duration;
import java.util.Iterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An energy meter with an S0 pulse output for each register (IEC 62053-31).
 *
 * @param impPerKwh pulses a kilowatt-hour, 1 to 100,000
 * @param pulseWidth how long the output is on for each pulse, 1 ms to 10 s; the pause between two
 *     pulses is at least as long
 */
public record S0Meter(int impPerKwh, Duration pulseWidth) {

  /** The usual width; class A of IEC 62053-31 asks for 30 ms or more. */
  private static final Duration USUAL_WIDTH = Duration.ofMillis(40);

  private static final Duration LEAST_WIDTH = Duration.ofMillis(1);
  private static final long PICOJOULES_PER_KWH = 3_600_000_000_000_000_000L;

  /** Refuses figures that no meter has. */
  public S0Meter {
    if (impPerKwh < 1 || impPerKwh > 100_000) {
      throw new IllegalArgumentException(
          "meter constant must be 1 to 100000 imp/kWh, not " + impPerKwh);
    }
    if (pulseWidth.compareTo(LEAST_WIDTH) < 0 || pulseWidth.compareTo(Duration.ofSeconds(10)) > 0) {
      throw new IllegalArgumentException("pulse width must be 1 ms to 10 s, not " + pulseWidth);
    }
  }

  /**
   * A meter whose pulses are 40 ms wide, or narrower where the trace's peak power needs it: at 22
   * kW and 10,000 imp/kWh pulses come every 16 ms.
   *
   * @throws IllegalArgumentException when not even 1 ms pulses can signal the trace's peak power
   */
  public static S0Meter fitting(int impPerKwh, PowerTrace trace) {
    S0Meter usual = new S0Meter(impPerKwh, USUAL_WIDTH);
    long third = usual.spacingNanos(trace) / 3;
    Duration width = third < USUAL_WIDTH.toNanos() ? Duration.ofNanos(third) : USUAL_WIDTH;
    if (width.compareTo(LEAST_WIDTH) < 0) {
      throw tooFast(impPerKwh, LEAST_WIDTH, trace);
    }
    return new S0Meter(impPerKwh, width);
  }

  /**
   * The undisturbed edges of a trace that is drawn without interruption, in order of time, made as
   * they are read.
   *
   * @param startNanos time stamp of the trace's beginning
   * @throws IllegalArgumentException when the trace's peak power is too much for the pulse width
   */
  public Stream<Edge> edges(PowerTrace trace, long startNanos) {
    requireFits(trace, 2 * pulseWidth.toNanos());
    Iterator<Edge> edges = new EdgeIterator(this, trace, startNanos);
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(edges, 0), false);
  }

  /** Refuses a trace whose pulses would come closer together than this. */
  void requireFits(PowerTrace trace, long leastSpacingNanos) {
    if (spacingNanos(trace) < leastSpacingNanos) {
      throw tooFast(impPerKwh, pulseWidth, trace);
    }
  }

  /** Time from pulse to pulse at the trace's peak power. */
  private long spacingNanos(PowerTrace trace) {
    return PICOJOULES_PER_KWH / Math.max(1, trace.peakMilliwatts() * impPerKwh);
  }

  private static IllegalArgumentException tooFast(int imp, Duration width, PowerTrace trace) {
    return new IllegalArgumentException(
        "a meter of %d imp/kWh with pulses of %s ms cannot signal the trace's peak of %d W;"
                .formatted(imp, width.toNanos() / 1_000_000.0, trace.peakMilliwatts() / 1000)
            + " use fewer imp/kWh, narrower pulses or less bounce");
  }
}
