package chargepile.agent.energy;

import chargepile.agent.energy.Checked.Finding;
import chargepile.agent.energy.PulseNotice.LostEdges;
import chargepile.agent.energy.PulseNotice.Noise;
import chargepile.agent.energy.PulseNotice.OverPower;
import chargepile.agent.energy.PulseNotice.Pulse;
import chargepile.agent.energy.PulseNotice.TimeBackwards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Sets the meter's pulses against what the contactor says, and names what does not fit. All times
 * are of one monotonic clock, the edges' own. One checker serves both directions.
 *
 * @param closed whether the contactor is commanded to be closed
 * @param sinceNanos when it was commanded so
 * @param aliveNanos the later of the last pulse and the contactor's last command
 * @param noiseSinceNanos start of the minute in which noise is being counted
 * @param noises noise within it
 * @param told the faults that have been told and not been cleared
 */
public record Plausibility(
    PlausibilityLimits limits,
    boolean closed,
    long sinceNanos,
    long aliveNanos,
    long noiseSinceNanos,
    int noises,
    Set<MeterFault> told) {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  public Plausibility {
    told = Set.copyOf(told);
  }

  /**
   * With the contactor open.
   *
   * @param nowNanos the time; pulses that come within the opening time after it are no fault
   */
  public static Plausibility start(PlausibilityLimits limits, long nowNanos) {
    return new Plausibility(limits, false, nowNanos, nowNanos, nowNanos, 0, Set.of());
  }

  /** The contactor was commanded; a repeated command changes nothing. */
  public Plausibility commanded(boolean close, long nowNanos) {
    return close == closed
        ? this
        : new Plausibility(limits, close, nowNanos, nowNanos, noiseSinceNanos, noises, told);
  }

  /**
   * Whether the contactor is closed and nothing was metered for longer than the limit. The car may
   * be full or the meter dead: nothing tells the two apart without knowing whether the car draws.
   */
  public boolean isSilent(long nowNanos) {
    return closed && nowNanos - aliveNanos > limits.deadAfter().toNanos();
  }

  /** The faults have been dealt with; what persists will be told again. */
  public Plausibility cleared(long nowNanos) {
    return new Plausibility(limits, closed, sinceNanos, nowNanos, nowNanos, 0, Set.of());
  }

  /** What a pulse counter found. */
  public Checked on(List<PulseNotice> notices) {
    Checked checked = new Checked(this, List.of());
    for (PulseNotice notice : notices) {
      Checked one = checked.next().on(notice);
      List<Finding> all = new ArrayList<>(checked.findings());
      all.addAll(one.findings());
      checked = new Checked(one.next(), all);
    }
    return checked;
  }

  /**
   * Time has passed: to be called every second or so.
   *
   * @param conducts the contactor's readback, or its commanded state where none is wired
   */
  public Checked at(long nowNanos, boolean conducts) {
    if (!closed && conducts && openFor(nowNanos) > limits.openingTime().toNanos()) {
      return tell(
          MeterFault.WELDED_CONTACTOR,
          nowNanos,
          "the contactor's readback says closed %d ms after it was opened"
              .formatted(millis(openFor(nowNanos))));
    }
    return new Checked(this, List.of());
  }

  private Checked on(PulseNotice notice) {
    return switch (notice) {
      case Pulse pulse -> onPulse(pulse);
      case Noise noise -> onNoise(noise.timestampNanos());
      case LostEdges lost -> onNoise(lost.timestampNanos());
      case OverPower(long at, long watts) ->
          tell(MeterFault.OVER_POWER, at, "pulses come as at %d W".formatted(watts));
      case TimeBackwards(long at, long previous) ->
          tell(
              MeterFault.TIME_BACKWARDS,
              at,
              "an edge at %d ns follows one at %d ns".formatted(at, previous));
    };
  }

  private Checked onPulse(Pulse pulse) {
    long start = pulse.startNanos();
    Plausibility alive =
        new Plausibility(
            limits, closed, sinceNanos, Math.max(aliveNanos, start), noiseSinceNanos, noises, told);
    if (!closed && openFor(start) > limits.openingTime().toNanos()) {
      return alive.tell(
          MeterFault.WELDED_CONTACTOR,
          start,
          "a pulse %d ms after the contactor was opened; it may be welded: disconnect the pile"
                  .formatted(millis(openFor(start)))
              + " from the grid");
    }
    return new Checked(alive, List.of());
  }

  private Checked onNoise(long at) {
    boolean fresh = at - noiseSinceNanos >= MINUTE;
    int count = fresh ? 1 : noises + 1;
    Plausibility counted =
        new Plausibility(
            limits, closed, sinceNanos, aliveNanos, fresh ? at : noiseSinceNanos, count, told);
    return count > limits.noisePerMinute()
        ? counted.tell(
            MeterFault.NOISE,
            at,
            "more than %d disturbances of the meter's line within a minute; check shielding and"
                    .formatted(limits.noisePerMinute())
                + " pull-up")
        : new Checked(counted, List.of());
  }

  private Checked tell(MeterFault fault, long at, String detail) {
    if (told.contains(fault)) {
      return new Checked(this, List.of());
    }
    Set<MeterFault> more = EnumSet.of(fault);
    more.addAll(told);
    return new Checked(
        new Plausibility(limits, closed, sinceNanos, aliveNanos, noiseSinceNanos, noises, more),
        List.of(new Finding(fault, at, detail)));
  }

  private long openFor(long nowNanos) {
    return nowNanos - sinceNanos;
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }
}
