package chargepile.agent.cli.run;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.SimulatedTime;
import chargepile.agent.config.Config;
import chargepile.hal.sim.Player;
import chargepile.hal.sim.PowerTrace;
import chargepile.hal.sim.S0Meter;
import chargepile.hal.sim.SimulatedClock;
import chargepile.hal.sim.SimulatedPile;
import java.time.Duration;
import java.time.Instant;

/**
 * A simulated pile in real time, with a car plugged in: charged, or its session ended, it leaves,
 * and another comes. Everything happens on the thread of virtual time.
 */
final class SimulatedCars implements AutoCloseable {
  private static final Duration GLANCE = Duration.ofSeconds(1);
  private static final Duration LEAVES_AFTER = Duration.ofSeconds(1);
  private static final Duration NEXT_AFTER = Duration.ofSeconds(3);
  private static final double REAL_TIME = 1;

  private final SimulatedPile pile;
  private final Player player;

  /** Whether the session of the car that is plugged in is over. */
  private volatile boolean sessionEnded;

  private SimulatedCars(SimulatedPile pile) {
    this.pile = pile;
    // Before the node listens: to a session that goes on after a restart the car never left.
    pile.plugIn();
    pile.clock().schedule(GLANCE, this::glance);
    this.player = Player.start(pile.clock(), REAL_TIME, () -> {});
  }

  static Hardware open(Config config) throws CommandFailedException {
    PowerTrace trace =
        config.gpio().traceFile().map(PowerTrace::read).orElseGet(PowerTrace::builtIn);
    long peakWatts = Math.ceilDiv(trace.peakMilliwatts(), 1000L);
    if (peakWatts > config.pile().ratedPowerWatts()) {
      throw new CommandFailedException(
          "the simulated car draws up to %d W, more than pile.rated_power_w of %d"
              .formatted(peakWatts, config.pile().ratedPowerWatts()));
    }
    SimulatedPile pile =
        SimulatedPile.builder(trace, meter(config, trace))
            .clock(new SimulatedClock(Instant.now()))
            .plugInAt(null)
            .build();
    SimulatedCars cars = new SimulatedCars(pile);
    return new Hardware(pile, new SimulatedTime(pile.clock()), cars::sessionEnded, cars);
  }

  private static S0Meter meter(Config config, PowerTrace trace) throws CommandFailedException {
    try {
      S0Meter meter = S0Meter.fitting(config.meter().impulsesPerKwh(), trace);
      if (meter.pulseWidth().compareTo(config.meter().minimumPulse()) > 0) {
        return meter;
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("the simulated car: " + e.getMessage(), e);
    }
    throw new CommandFailedException(
        "the simulated car makes pulses shorter than meter.minimum_pulse_ms: lower that, or"
            + " impulses_per_kwh");
  }

  /** Without this a car whose driver stopped early would keep the place for ever. */
  private void sessionEnded() {
    sessionEnded = true;
  }

  private void glance() {
    if (pile.traceEnded() || sessionEnded) {
      pile.clock().schedule(LEAVES_AFTER, pile::unplug);
      pile.clock().schedule(LEAVES_AFTER.plus(NEXT_AFTER), this::next);
    } else {
      pile.clock().schedule(GLANCE, this::glance);
    }
  }

  /** Not at once: the session of the car before is over until the pile has seen the plug. */
  private void beginAnew() {
    sessionEnded = false;
    glance();
  }

  private void next() {
    pile.nextCar();
    pile.plugIn();
    pile.clock().schedule(GLANCE, this::beginAnew);
  }

  @Override
  public void close() {
    pile.contactor().release();
    player.close();
    pile.close();
  }
}
