package chargepile.hal.sim;

import chargepile.hal.Register;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in a simulation, as a script: the same script and seed always give the same
 * edges.
 *
 * @param seed of the bounce and noise times
 * @param bounces how often the output drops out and comes back at the start of each pulse, 0 to 20;
 *     the full pulse width follows the last bounce
 * @param noiseEvery a short spike in the pause after every n-th pulse, 0 for none
 * @param spikes single spikes at given times, also while no current flows
 * @param lostEdges edges the kernel dropped: their sequence numbers are missing
 * @param missingPulses pulses that never reached the line: no gap in the numbers
 * @param welded the contactor stays closed on release
 * @param stuckOpen the contactor does not close on engage
 * @param plugDelay how much later than scripted the plug comes
 * @param heats when it is too hot
 * @param linesLostAt when pulses and plug cannot be read any more, from the start of the
 *     simulation; null for never
 */
public record Disturbances(
    long seed,
    int bounces,
    int noiseEvery,
    List<Spike> spikes,
    List<LostEdges> lostEdges,
    List<MissingPulses> missingPulses,
    boolean welded,
    boolean stuckOpen,
    Duration plugDelay,
    List<Heat> heats,
    @Nullable Duration linesLostAt) {

  /** Longest phase of a bounce. */
  static final long MAX_BOUNCE_NANOS = 400_000;

  /** A spike on the line of a register, {@code at} after the start of the simulation. */
  public record Spike(Duration at, Register register, Duration width) {}

  /** Edges {@code first} to {@code first + count - 1} of the register's line, counted from 1. */
  public record LostEdges(Register register, long first, long count) {}

  /** Pulses {@code first} to {@code first + count - 1} of the register, counted from 1. */
  public record MissingPulses(Register register, long first, long count) {}

  /** The over-temperature input is on for so long, {@code at} after the start. */
  public record Heat(Duration at, Duration lasting) {}

  /** Copies the lists and refuses what is out of range. */
  public Disturbances {
    if (bounces < 0 || bounces > 20) {
      throw new IllegalArgumentException("bounces must be 0 to 20, not " + bounces);
    }
    if (noiseEvery < 0) {
      throw new IllegalArgumentException("noiseEvery must not be negative: " + noiseEvery);
    }
    if (plugDelay.isNegative()) {
      throw new IllegalArgumentException("plug delay must not be negative: " + plugDelay);
    }
    spikes = List.copyOf(spikes);
    lostEdges = List.copyOf(lostEdges);
    missingPulses = List.copyOf(missingPulses);
    heats = List.copyOf(heats);
  }

  /** Nothing goes wrong. */
  public static Disturbances none() {
    return new Builder().build();
  }

  /** Starts a script in which nothing goes wrong yet. */
  public static Builder builder() {
    return new Builder();
  }

  boolean loses(Register register, long sequence) {
    return lostEdges.stream()
        .anyMatch(l -> l.register == register && covers(l.first, l.count, sequence));
  }

  boolean misses(Register register, long pulse) {
    return missingPulses.stream()
        .anyMatch(m -> m.register == register && covers(m.first, m.count, pulse));
  }

  private static boolean covers(long first, long count, long number) {
    return number >= first && number - first < count;
  }

  /** Writes the script. */
  public static final class Builder {
    private long seed = 1;
    private int bounces;
    private int noiseEvery;
    private final List<Spike> spikes = new ArrayList<>();
    private final List<LostEdges> lostEdges = new ArrayList<>();
    private final List<MissingPulses> missingPulses = new ArrayList<>();
    private boolean welded;
    private boolean stuckOpen;
    private Duration plugDelay = Duration.ZERO;
    private final List<Heat> heats = new ArrayList<>();
    private @Nullable Duration linesLostAt;

    private Builder() {}

    /** Sets the seed of bounce and noise times. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** Lets each pulse bounce this often at its start. */
    public Builder bounces(int times) {
      bounces = times;
      return this;
    }

    /** Puts a spike into the pause after every n-th pulse. */
    public Builder noiseEvery(int pulses) {
      noiseEvery = pulses;
      return this;
    }

    /** Puts one spike on a line. */
    public Builder spike(Duration at, Register register, Duration width) {
      spikes.add(new Spike(at, register, width));
      return this;
    }

    /** Loses edges in the kernel, with a gap in the sequence. */
    public Builder loseEdges(Register register, long first, long count) {
      lostEdges.add(new LostEdges(register, first, count));
      return this;
    }

    /** Loses pulses before the line, without a gap. */
    public Builder missPulses(Register register, long first, long count) {
      missingPulses.add(new MissingPulses(register, first, count));
      return this;
    }

    /** Welds the contactor. */
    public Builder welded() {
      welded = true;
      return this;
    }

    /** Keeps the contactor from closing. */
    public Builder stuckOpen() {
      stuckOpen = true;
      return this;
    }

    /** Delays the plug. */
    public Builder plugDelay(Duration delay) {
      plugDelay = delay;
      return this;
    }

    /** Lets it be too hot for a time. */
    public Builder heat(Duration at, Duration lasting) {
      heats.add(new Heat(at, lasting));
      return this;
    }

    /** Loses the lines of pulses and plug for good. */
    public Builder loseLinesAt(Duration at) {
      linesLostAt = at;
      return this;
    }

    /** The finished script. */
    public Disturbances build() {
      return new Disturbances(
          seed,
          bounces,
          noiseEvery,
          spikes,
          lostEdges,
          missingPulses,
          welded,
          stuckOpen,
          plugDelay,
          heats,
          linesLostAt);
    }
  }
}
