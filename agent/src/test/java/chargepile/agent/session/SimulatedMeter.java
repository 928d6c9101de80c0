package chargepile.agent.session;

import chargepile.agent.energy.EdgeReading;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.units.Direction;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A car behind a contactor behind a meter: power in, S0 edges out. */
final class SimulatedMeter {
  private static final Duration WIDTH = Duration.ofMillis(31);

  private final SessionWorld world;
  private final long impulses;
  private final Duration opening;
  private long watts;
  private boolean commanded;
  private boolean conducts;
  private int switched;
  private int planned;
  private double partOfPulse;
  private long countedTo;
  private final Map<Direction, Long> sequences = new EnumMap<>(Direction.class);
  boolean welded;

  /** Whether its two outputs touch. */
  boolean shorted;

  SimulatedMeter(SessionWorld world, PileSettings settings) {
    this.world = world;
    this.impulses = settings.meter().impulsesPerKwh();
    this.opening = settings.switching().opening();
  }

  boolean isCommandedClosed() {
    return commanded;
  }

  /** The car draws this much when it can; negative when it feeds. */
  void power(long newWatts) {
    count();
    if (Long.signum(newWatts) != Long.signum(watts)) {
      partOfPulse = 0;
    }
    watts = newWatts;
    plan();
  }

  void command(boolean close) {
    commanded = close;
    int number = ++switched;
    if (close) {
      count();
      conducts = true;
      plan();
    } else {
      world.after(
          opening,
          () -> {
            if (number == switched && !welded) {
              count();
              conducts = false;
              plan();
            }
          });
    }
  }

  private void count() {
    if (conducts) {
      double hours = (world.nanos() - countedTo) / 3.6e12;
      partOfPulse += Math.abs(watts) / 1000.0 * hours * impulses;
    }
    countedTo = world.nanos();
  }

  private void plan() {
    int number = ++planned;
    if (!conducts || watts == 0) {
      return;
    }
    double hours = Math.max(0, 1 - partOfPulse) / impulses / (Math.abs(watts) / 1000.0);
    world.after(
        Duration.ofNanos((long) Math.ceil(hours * 3.6e12)),
        () -> {
          if (number == planned) {
            partOfPulse = 0;
            countedTo = world.nanos();
            pulse(watts > 0 ? Direction.IMPORT : Direction.EXPORT);
            plan();
          }
        });
  }

  private void pulse(Direction direction) {
    List<Direction> outputs = shorted ? List.of(Direction.values()) : List.of(direction);
    outputs.forEach(output -> edge(output, true));
    world.after(WIDTH, () -> outputs.forEach(output -> edge(output, false)));
  }

  private void edge(Direction direction, boolean active) {
    world.pile.on(
        new PileEvent.EdgeSeen(
            new EdgeReading(
                direction, active, world.nanos(), sequences.merge(direction, 1L, Long::sum))));
  }
}
