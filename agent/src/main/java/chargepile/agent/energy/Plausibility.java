package chargepile.agent.energy;

import chargepile.agent.energy.Checked.Finding;
import chargepile.agent.energy.PulseNotice.LostEdges;
import chargepile.agent.energy.PulseNotice.Noise;
import chargepile.agent.energy.PulseNotice.OverPower;
import chargepile.agent.energy.PulseNotice.Pulse;
import chargepile.agent.energy.PulseNotice.TimeBackwards;
import chargepile.agent.units.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
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
 * @param directions whether the pulses' directions make sense
 * @param told the faults that have been told and not been cleared
 */
public record Plausibility(
    PlausibilityLimits limits,
    boolean closed,
    long sinceNanos,
    long aliveNanos,
    long noiseSinceNanos,
    int noises,
    DirectionCheck directions,
    Set<PileFault> told) {
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
    return new Plausibility(
        limits, false, nowNanos, nowNanos, nowNanos, 0, DirectionCheck.NONE, Set.of());
  }

  /**
   * The contactor was commanded to close; a repeated command changes nothing.
   *
   * @param agreed the directions in which energy may flow
   */
  public Plausibility closed(Set<Direction> agreed, long nowNanos) {
    return closed ? this : commanded(true, directions.closed(agreed), nowNanos);
  }

  /** The contactor was commanded to open; a repeated command changes nothing. */
  public Plausibility opened(long nowNanos) {
    return closed ? commanded(false, directions, nowNanos) : this;
  }

  private Plausibility commanded(boolean close, DirectionCheck ways, long nowNanos) {
    return new Plausibility(limits, close, nowNanos, nowNanos, noiseSinceNanos, noises, ways, told);
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
    return new Plausibility(
        limits,
        closed,
        sinceNanos,
        nowNanos,
        nowNanos,
        0,
        directions.closed(directions.agreed()),
        Set.of());
  }

  /** What the pulse counter of a direction found. */
  public Checked on(Direction direction, List<PulseNotice> notices) {
    Checked checked = new Checked(this, List.of());
    for (PulseNotice notice : notices) {
      Checked one = checked.next().on(direction, notice);
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
    if (!closed && conducts && switchedFor(nowNanos) > limits.openingTime().toNanos()) {
      return tell(
          PileFault.WELDED_CONTACTOR,
          nowNanos,
          "the contactor's readback says closed %d ms after it was opened"
              .formatted(millis(switchedFor(nowNanos))));
    }
    if (closed && !conducts && switchedFor(nowNanos) > limits.closingTime().toNanos()) {
      return tell(
          PileFault.CONTACTOR_NOT_CLOSING,
          nowNanos,
          "the contactor's readback says open %d ms after it was closed"
              .formatted(millis(switchedFor(nowNanos))));
    }
    return new Checked(this, List.of());
  }

  private Checked on(Direction direction, PulseNotice notice) {
    return switch (notice) {
      case Pulse pulse -> onPulse(direction, pulse);
      case Noise noise -> onNoise(noise.timestampNanos());
      case LostEdges lost -> onNoise(lost.timestampNanos());
      case OverPower(long at, long watts) ->
          tell(PileFault.OVER_POWER, at, "pulses come as at %d W".formatted(watts));
      case TimeBackwards(long at, long previous) ->
          tell(
              PileFault.TIME_BACKWARDS,
              at,
              "an edge at %d ns follows one at %d ns".formatted(at, previous));
    };
  }

  private Checked onPulse(Direction direction, Pulse pulse) {
    long start = pulse.startNanos();
    DirectionCheck ways = closed ? directions.on(direction, pulse) : directions;
    Plausibility alive =
        new Plausibility(
            limits,
            closed,
            sinceNanos,
            Math.max(aliveNanos, start),
            noiseSinceNanos,
            noises,
            ways,
            told);
    if (!closed && switchedFor(start) > limits.openingTime().toNanos()) {
      return alive.tell(
          PileFault.WELDED_CONTACTOR,
          start,
          "a pulse %d ms after the contactor was opened".formatted(millis(switchedFor(start))));
    }
    if (ways.isBothAtOnce()) {
      return alive.tell(
          PileFault.BOTH_DIRECTIONS, start, "import and export pulses come at the same time");
    }
    if (ways.isBackwards()) {
      return alive.tell(
          PileFault.METER_BACKWARDS,
          start,
          "%s pulses in a session that is not for %s".formatted(word(direction), word(direction)));
    }
    return new Checked(alive, List.of());
  }

  private Checked onNoise(long at) {
    boolean fresh = at - noiseSinceNanos >= MINUTE;
    int count = fresh ? 1 : noises + 1;
    Plausibility counted =
        new Plausibility(
            limits,
            closed,
            sinceNanos,
            aliveNanos,
            fresh ? at : noiseSinceNanos,
            count,
            directions,
            told);
    return count > limits.noisePerMinute()
        ? counted.tell(
            PileFault.NOISE,
            at,
            "more than %d disturbances of the meter's line within a minute"
                .formatted(limits.noisePerMinute()))
        : new Checked(counted, List.of());
  }

  private Checked tell(PileFault fault, long at, String detail) {
    if (told.contains(fault)) {
      return new Checked(this, List.of());
    }
    Set<PileFault> more = EnumSet.of(fault);
    more.addAll(told);
    return new Checked(
        new Plausibility(
            limits, closed, sinceNanos, aliveNanos, noiseSinceNanos, noises, directions, more),
        List.of(new Finding(fault, at, detail)));
  }

  private long switchedFor(long nowNanos) {
    return nowNanos - sinceNanos;
  }

  private static String word(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }
}
