package chargepile.agent.energy;

import java.time.Duration;

/**
 * The figures of a meter's S0 output (IEC 62053-31) and of the pile behind it.
 *
 * @param impulsesPerKwh 1 to 100,000; usual is 1000
 * @param minimumPulse the shortest pulse to accept; class A promises 30 ms
 * @param minimumPause the shortest pause between two pulses to accept; class A promises 30 ms
 * @param ratedPowerWatts the most that the pile can deliver or take back, 1 to 1,000,000
 * @param bounce the settle time of the contact: gaps shorter than this belong to the pulse around
 *     them; 0 for none, and shorter than both minimums
 */
public record MeterSettings(
    int impulsesPerKwh,
    Duration minimumPulse,
    Duration minimumPause,
    long ratedPowerWatts,
    Duration bounce) {
  /** Class A of IEC 62053-31: pulse and pause at least this long each. */
  public static final Duration CLASS_A = Duration.ofMillis(30);

  /** Longer than reed contacts and optocouplers take to settle. */
  public static final Duration DEFAULT_BOUNCE = Duration.ofMillis(3);

  public static final int MAXIMUM_IMPULSES_PER_KWH = 100_000;
  public static final long MAXIMUM_RATED_POWER_WATTS = 1_000_000;

  /** Nanoseconds × watts in a kilowatt-hour. */
  private static final long NANOSECOND_WATTS_PER_KWH = 3_600_000_000_000_000L;

  private static final Duration LONGEST = Duration.ofSeconds(10);

  /**
   * @throws IllegalArgumentException when a figure is out of range, or when rated power needs
   *     pulses faster than pulse and pause allow
   */
  public MeterSettings {
    inRange("impulses per kWh", impulsesPerKwh, MAXIMUM_IMPULSES_PER_KWH);
    inRange("rated power in W", ratedPowerWatts, MAXIMUM_RATED_POWER_WATTS);
    positive("minimum pulse", minimumPulse);
    positive("minimum pause", minimumPause);
    if (bounce.isNegative()
        || bounce.compareTo(minimumPulse) >= 0
        || bounce.compareTo(minimumPause) >= 0) {
      throw new IllegalArgumentException(
          "bounce of %s must be shorter than the minimum pulse of %s and the minimum pause of %s"
              .formatted(millis(bounce), millis(minimumPulse), millis(minimumPause)));
    }
    long spacing = spacingNanos(impulsesPerKwh, ratedPowerWatts);
    if (minimumPulse.plus(minimumPause).toNanos() > spacing) {
      throw new IllegalArgumentException(
          ("at its rated %d W the meter's %d imp/kWh come every %s, but a pulse of %s and a pause"
                  + " of %s take %s: shorten them to what the meter's data sheet says, or check"
                  + " impulses and rated power")
              .formatted(
                  ratedPowerWatts,
                  impulsesPerKwh,
                  millis(Duration.ofNanos(spacing)),
                  millis(minimumPulse),
                  millis(minimumPause),
                  millis(minimumPulse.plus(minimumPause))));
    }
  }

  /** A class A meter with the usual settle time. */
  public static MeterSettings s0(int impulsesPerKwh, long ratedPowerWatts) {
    return new MeterSettings(impulsesPerKwh, CLASS_A, CLASS_A, ratedPowerWatts, DEFAULT_BOUNCE);
  }

  /**
   * The closest two counted pulses may follow each other, start to start: rated power and a tenth
   * more, for a car's overshoot and the meter's jitter.
   */
  public long minimumSpacingNanos() {
    return spacingNanos(impulsesPerKwh, ratedPowerWatts) * 10 / 11;
  }

  /** The power that two pulses {@code spacingNanos} apart stand for, in watts, rounded down. */
  public long watts(long spacingNanos) {
    return NANOSECOND_WATTS_PER_KWH / impulsesPerKwh / Math.max(1, spacingNanos);
  }

  /** How long a pulse's energy takes to flow at {@code watts}, in nanoseconds, rounded down. */
  public long spacingNanosAt(long watts) {
    return spacingNanos(impulsesPerKwh, watts);
  }

  private static long spacingNanos(int impulsesPerKwh, long watts) {
    return NANOSECOND_WATTS_PER_KWH / impulsesPerKwh / watts;
  }

  private static void inRange(String what, long value, long maximum) {
    if (value < 1 || value > maximum) {
      throw new IllegalArgumentException(
          "%s must be 1 to %d, not %d".formatted(what, maximum, value));
    }
  }

  private static void positive(String what, Duration value) {
    if (!value.isPositive() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s must be above 0 and at most %s, not %s"
              .formatted(what, millis(LONGEST), millis(value)));
    }
  }

  private static String millis(Duration duration) {
    double millis = duration.toNanos() / 1e6;
    return millis == Math.rint(millis)
        ? "%d ms".formatted((long) millis)
        : "%.1f ms".formatted(millis);
  }
}
