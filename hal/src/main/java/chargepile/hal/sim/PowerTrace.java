package chargepile.hal.sim;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The power a car draws (positive) or gives back (negative) over time, in steps of constant power.
 *
 * <p>All integers: a step's energy is milliwatts times nanoseconds, in picojoules, so that a trace
 * has exactly one total.
 *
 * @param steps in order of time, at least one
 */
public record PowerTrace(List<Step> steps) {

  /** No charger of a pile like this comes near a megawatt; more is a wrong unit. */
  static final long MAX_MILLIWATTS = 1_000_000_000L;

  /** Longest trace: 31 days. */
  static final long MAX_NANOS = Duration.ofDays(31).toNanos();

  private static final BigInteger PICOJOULES_PER_MWH = BigInteger.valueOf(3_600_000_000_000L);

  /**
   * Constant power for a while.
   *
   * @param nanos how long, above 0
   * @param milliwatts negative is export; at most 1 MW either way
   */
  public record Step(long nanos, long milliwatts) {
    /** Refuses what no trace can hold. */
    public Step {
      if (nanos <= 0 || nanos > MAX_NANOS) {
        throw new IllegalArgumentException(
            "a trace step lasts more than 0 s and at most 31 days, not " + nanos + " ns");
      }
      if (Math.abs(milliwatts) > MAX_MILLIWATTS) {
        throw new IllegalArgumentException(
            "a trace step has at most 1 MW, not " + milliwatts + " mW");
      }
    }

    private BigInteger picojoules() {
      return BigInteger.valueOf(nanos).multiply(BigInteger.valueOf(milliwatts));
    }
  }

  /** Copies the steps and refuses an empty or endless trace. */
  public PowerTrace {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a trace needs at least one step");
    }
    long total = 0;
    for (Step step : steps) {
      total += step.nanos;
      if (total > MAX_NANOS) {
        throw new IllegalArgumentException("a trace lasts at most 31 days");
      }
    }
  }

  /**
   * Reads a CSV file {@code seconds,power_w} or {@code seconds,energy_wh}.
   *
   * @throws BadTraceException naming file, line, what is wrong and what to do
   */
  public static PowerTrace read(Path file) {
    return TraceCsv.read(file);
  }

  /**
   * A car at an 11 kW charger: the power creeps up with the battery's voltage at constant current,
   * then tapers at constant voltage; 45 minutes, about 5.4 kWh.
   */
  public static PowerTrace builtIn() {
    List<Step> steps = new ArrayList<>();
    for (int second = 1; second <= 10; second++) {
      steps.add(new Step(Duration.ofSeconds(1).toNanos(), 1_060_000L * second));
    }
    long halfMinute = Duration.ofSeconds(30).toNanos();
    long milliwatts = 10_600_000;
    for (int step = 0; step < 40; step++) {
      steps.add(new Step(halfMinute, milliwatts));
      milliwatts += 10_000;
    }
    for (int step = 0; step < 49; step++) {
      steps.add(new Step(halfMinute, milliwatts));
      milliwatts = milliwatts * 955 / 1000;
    }
    steps.add(new Step(Duration.ofSeconds(20).toNanos(), 0));
    return new PowerTrace(steps);
  }

  /** The same trace with the direction of the energy turned. */
  public PowerTrace discharging() {
    return new PowerTrace(
        steps.stream().map(step -> new Step(step.nanos, -step.milliwatts)).toList());
  }

  /**
   * The same powers, stretched or squeezed in time until the energy moved (import plus export)
   * reaches this much, rounded up by less than a milliwatt-hour.
   *
   * @throws IllegalArgumentException when not positive, or the trace moves no energy or would last
   *     over 31 days
   */
  public PowerTrace scaledToMilliWattHours(long milliWattHours) {
    BigInteger moved =
        steps.stream().map(s -> s.picojoules().abs()).reduce(BigInteger.ZERO, BigInteger::add);
    if (milliWattHours <= 0 || moved.signum() == 0) {
      throw new IllegalArgumentException(
          "can only scale a trace that moves energy, and to more than 0 mWh");
    }
    BigInteger target = BigInteger.valueOf(milliWattHours).multiply(PICOJOULES_PER_MWH);
    List<Step> scaled = new ArrayList<>();
    for (Step step : steps) {
      BigInteger nanos =
          BigInteger.valueOf(step.nanos)
              .multiply(target)
              .add(moved.subtract(BigInteger.ONE))
              .divide(moved);
      long capped = nanos.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
      scaled.add(new Step(capped, step.milliwatts));
    }
    return new PowerTrace(scaled);
  }

  /** How long the trace lasts. */
  public Duration duration() {
    return Duration.ofNanos(steps.stream().mapToLong(Step::nanos).sum());
  }

  /** The greatest power in either direction, in milliwatts. */
  public long peakMilliwatts() {
    return steps.stream().mapToLong(step -> Math.abs(step.milliwatts)).max().orElseThrow();
  }

  /** Energy into the car, in whole milliwatt-hours. */
  public long importMilliWattHours() {
    return milliWattHours(1);
  }

  /** Energy out of the car, in whole milliwatt-hours. */
  public long exportMilliWattHours() {
    return milliWattHours(-1);
  }

  private long milliWattHours(int sign) {
    return steps.stream()
        .filter(step -> Long.signum(step.milliwatts) == sign)
        .map(step -> step.picojoules().abs())
        .reduce(BigInteger.ZERO, BigInteger::add)
        .divide(PICOJOULES_PER_MWH)
        .longValueExact();
  }
}
