package chargepile.agent.cli.demo;

import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.Exposure;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.hal.sim.S0Meter;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The settings of the demo's pile and driver that follow from its options. */
final class DemoTerms {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** Jitter that a pulse may have against the meter's figures, in tenths of its width. */
  private static final int JITTER_TENTHS = 1;

  private final DemoOptions options;
  private final S0Meter meter;

  DemoTerms(DemoOptions options, S0Meter meter) {
    this.options = options;
    this.meter = meter;
  }

  PileSettings pile() {
    MeterSettings settings = meterSettings();
    return new PileSettings(
        settings,
        plausibility(settings),
        new Tariff(1, options.pricePerKwh(), options.pricePerKwh(), Amount.ZERO),
        new Exposure(options.increment(), options.credit()),
        Set.of(Direction.IMPORT, Direction.EXPORT),
        PileSettings.Switching.USUAL,
        TIMEOUT,
        TIMEOUT,
        TIMEOUT,
        TIMEOUT,
        options.increment().compareTo(new MilliWattHours(MilliWattHours.PER_KWH)) > 0
            ? options.increment()
            : new MilliWattHours(MilliWattHours.PER_KWH),
        options.conduct() != DemoOptions.DriverConduct.CHEAT,
        true);
  }

  /**
   * The driver's.
   *
   * @param opening how a driver who pays opens its channel
   */
  DriverPolicy driver(DriverPolicy.Opening opening) {
    return new DriverPolicy(
        options.pricePerKwh(),
        Amount.ZERO,
        options.pricePerKwh(),
        options.increment(),
        Set.of(Direction.IMPORT, Direction.EXPORT),
        Limits.NONE,
        tolerance(),
        options.direction() == Direction.IMPORT ? Optional.of(opening) : Optional.empty(),
        TIMEOUT,
        TIMEOUT);
  }

  /** A trace may rest as long as it likes: the demo's car leaves at its end, and not before. */
  private PlausibilityLimits plausibility(MeterSettings settings) {
    PlausibilityLimits usual = PlausibilityLimits.of(settings);
    Duration trace = options.trace().duration();
    return new PlausibilityLimits(
        usual.openingTime(), usual.deadAfter().plus(trace), usual.noisePerMinute());
  }

  /** The pile's power. */
  long ratedWatts() {
    return Math.max(1, (options.trace().peakMilliwatts() + 999) / 1000);
  }

  private MeterSettings meterSettings() {
    Duration pulse = meter.pulseWidth().multipliedBy(10 - JITTER_TENTHS).dividedBy(10);
    Duration bounce = meter.pulseWidth().dividedBy(10);
    return new MeterSettings(options.impulsesPerKwh(), pulse, pulse, ratedWatts(), bounce);
  }

  /** A pulse, and what flows in the tenth of a second in which a contactor opens. */
  private MilliWattHours tolerance() {
    long pulse = MilliWattHours.PER_KWH / options.impulsesPerKwh() + 1;
    return new MilliWattHours(2 * pulse + options.trace().peakMilliwatts() / 36_000 + 1);
  }
}
