package chargepile.agent.energy;

import chargepile.agent.energy.PulseNotice.LostEdges;
import chargepile.agent.energy.PulseNotice.Noise;
import chargepile.agent.energy.PulseNotice.NoiseReason;
import chargepile.agent.energy.PulseNotice.OverPower;
import chargepile.agent.energy.PulseNotice.Pulse;
import chargepile.agent.energy.PulseNotice.TimeBackwards;
import chargepile.agent.units.MilliWattHours;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the pulses on one S0 output from bounce and noise by the edges' own time stamps alone, so
 * that a late reader counts the same as a prompt one.
 *
 * <ul>
 *   <li>A pulse counts at the first edge that ends it with its minimum width reached: some 30 ms
 *       after its start, when its width is known. Bounce after that belongs to the same pulse.
 *   <li>The output being off for less than the settle time does not end a pulse; being off for more
 *       than bounce explains (two settle times, or a quarter of the pulse) makes it noise.
 *   <li>What is no pulse is told when the next one begins, for only then bounce is ruled out.
 *   <li>After lost edges or a leap of time nothing counts until the output was seen off for the
 *       minimum pause. It is better to miss a pulse than to charge for one that may not have been.
 *   <li>Counted pulses never follow each other faster than rated power and a tenth allow.
 * </ul>
 *
 * @param line what is known of the output now
 * @param past the last pulses, by which the next is judged
 * @param pulses counted since the start
 * @param last the latest edge; null before the first
 */
public record PulseCounter(
    MeterSettings settings,
    Line line,
    @Nullable Past past,
    long pulses,
    @Nullable EdgeReading last) {
  /** As many intervals in a row above rated power are over-power and not jitter. */
  private static final int OVER_POWER_RUN = 3;

  /** What is known of the output. */
  public sealed interface Line {
    /** Off since before the first edge. */
    record Idle() implements Line {}

    /** On: a pulse or a spike is under way. */
    record On(Burst burst) implements Line {}

    /** Off; {@code burst} goes on when the output comes back within the settle time. */
    record Off(Burst burst, long sinceNanos) implements Line {}

    /** On, with its beginning unknown. */
    record UnsureOn() implements Line {}

    /** Off, with what was before it unknown. */
    record UnsureOff(long sinceNanos) implements Line {}
  }

  /**
   * A pulse or spike with its bounce.
   *
   * @param offNanos how long the output was off within it
   * @param judged whether it has been counted or refused already
   */
  public record Burst(long startNanos, long offNanos, boolean judged) {
    private Burst resumedAfter(long gapNanos) {
      return new Burst(startNanos, offNanos + gapNanos, judged);
    }
  }

  /**
   * The pulses so far.
   *
   * @param startNanos start of the last pulse of the right width, counted or not
   * @param endNanos its end
   * @param countedNanos start of the last counted pulse
   * @param overPowerRun how many intervals up to the last were too short for rated power
   */
  public record Past(long startNanos, long endNanos, long countedNanos, int overPowerRun) {}

  /** A counter for one output, which is taken to be off until its first edge. */
  public static PulseCounter start(MeterSettings settings) {
    return new PulseCounter(settings, new Line.Idle(), null, 0, null);
  }

  /** What the next edge of this output leads to. */
  public Counted on(EdgeReading edge) {
    if (last != null && edge.timestampNanos() < last.timestampNanos()) {
      long now = edge.timestampNanos();
      Past restarted = past == null ? null : new Past(now, now, now, 0);
      return new Counted(
          new PulseCounter(settings, unsure(edge), restarted, pulses, edge),
          List.of(new TimeBackwards(now, last.timestampNanos())));
    }
    if (last != null && edge.sequence() != last.sequence() + 1) {
      long lost = Math.max(0, edge.sequence() - last.sequence() - 1);
      return new Counted(
          new PulseCounter(settings, unsure(edge), past, pulses, edge),
          List.of(new LostEdges(edge.timestampNanos(), lost)));
    }
    return edge.active() ? rise(edge) : fall(edge);
  }

  private Counted rise(EdgeReading edge) {
    long now = edge.timestampNanos();
    Line begun = new Line.On(new Burst(now, 0, false));
    return switch (line) {
      case Line.Idle() -> to(begun, edge);
      case Line.Off(Burst burst, long since) when settles(since, now) ->
          to(new Line.On(burst.resumedAfter(now - since)), edge);
      case Line.Off(Burst burst, long since) -> to(begun, edge, noise(burst, since));
      case Line.On(Burst burst) when last != null && settles(last.timestampNanos(), now) ->
          to(line, edge);
      case Line.On on -> to(new Line.UnsureOn(), edge, List.of(unseen(now)));
      case Line.UnsureOff(long since) when now - since >= settings.minimumPause().toNanos() ->
          to(begun, edge);
      case Line.UnsureOff off -> to(new Line.UnsureOn(), edge);
      case Line.UnsureOn on -> to(line, edge);
    };
  }

  private Counted fall(EdgeReading edge) {
    long now = edge.timestampNanos();
    return switch (line) {
      case Line.On(Burst burst) when burst.judged() -> {
        Past longer =
            past == null
                ? null
                : new Past(past.startNanos, now, past.countedNanos, past.overPowerRun);
        yield new Counted(
            new PulseCounter(settings, new Line.Off(burst, now), longer, pulses, edge), List.of());
      }
      case Line.On(Burst burst) when isPulse(burst, now) -> judge(burst, edge);
      case Line.On(Burst burst) -> to(new Line.Off(burst, now), edge);
      case Line.Off(Burst burst, long since) when settles(since, now) ->
          to(new Line.Off(burst.resumedAfter(now - since), now), edge);
      case Line.Off(Burst burst, long since) -> {
        List<PulseNotice> notices = new ArrayList<>(noise(burst, since));
        notices.add(unseen(now));
        yield to(new Line.UnsureOff(now), edge, notices);
      }
      case Line.Idle idle -> to(new Line.UnsureOff(now), edge, List.of(unseen(now)));
      case Line.UnsureOn on -> to(new Line.UnsureOff(now), edge);
      case Line.UnsureOff off -> to(new Line.UnsureOff(now), edge);
    };
  }

  /** Counts or refuses a pulse of the right width that ends with {@code edge}. */
  private Counted judge(Burst burst, EdgeReading edge) {
    long now = edge.timestampNanos();
    long start = burst.startNanos();
    long closest = settings.minimumSpacingNanos();
    List<PulseNotice> notices = new ArrayList<>();
    boolean counts = false;
    int run = 0;
    if (past == null) {
      counts = true;
    } else {
      run = start - past.startNanos < closest ? past.overPowerRun + 1 : 0;
      if (start - past.endNanos < settings.minimumPause().toNanos()) {
        notices.add(new Noise(now, NoiseReason.PAUSE_TOO_SHORT));
      } else if (start - past.countedNanos < closest) {
        notices.add(new Noise(now, NoiseReason.OVER_RATED_POWER));
      } else {
        counts = true;
      }
      if (run >= OVER_POWER_RUN) {
        notices.add(new OverPower(now, settings.watts(start - past.startNanos)));
      }
    }
    if (counts) {
      notices.addFirst(new Pulse(now, start, energyOfNextPulse()));
    }
    long counted = past == null || counts ? start : past.countedNanos;
    return new Counted(
        new PulseCounter(
            settings,
            new Line.Off(new Burst(start, burst.offNanos(), true), now),
            new Past(start, now, counted, run),
            counts ? pulses + 1 : pulses,
            edge),
        notices);
  }

  private boolean isPulse(Burst burst, long end) {
    return end - burst.startNanos() >= settings.minimumPulse().toNanos()
        && burst.offNanos() <= mostOffNanos(end - burst.startNanos());
  }

  private long mostOffNanos(long width) {
    return Math.max(2 * settings.bounce().toNanos(), width / 4);
  }

  private List<PulseNotice> noise(Burst burst, long end) {
    if (burst.judged()) {
      return List.of();
    }
    boolean tooShort = end - burst.startNanos() < settings.minimumPulse().toNanos();
    return List.of(new Noise(end, tooShort ? NoiseReason.TOO_SHORT : NoiseReason.CHATTER));
  }

  private static Noise unseen(long now) {
    return new Noise(now, NoiseReason.UNSEEN_EDGE);
  }

  private boolean settles(long since, long now) {
    return now - since < settings.bounce().toNanos();
  }

  private MilliWattHours energyOfNextPulse() {
    long impulses = settings.impulsesPerKwh();
    // The whole kilowatt-hours drop out of the difference, so this can't overflow.
    long before = pulses % impulses;
    return new MilliWattHours(
        (before + 1) * MilliWattHours.PER_KWH / impulses
            - before * MilliWattHours.PER_KWH / impulses);
  }

  private static Line unsure(EdgeReading edge) {
    return edge.active() ? new Line.UnsureOn() : new Line.UnsureOff(edge.timestampNanos());
  }

  private Counted to(Line next, EdgeReading edge) {
    return to(next, edge, List.of());
  }

  private Counted to(Line next, EdgeReading edge, List<PulseNotice> notices) {
    return new Counted(new PulseCounter(settings, next, past, pulses, edge), notices);
  }
}
