package chargepile.agent.cli.demo;

import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.energy.MeterSettings;
import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.Exposure;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.hal.sim.S0Meter;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The settings of the demo's pile, driver and channel that follow from its options. */
final class DemoTerms {
  /** The paper's sequence number (P1-25): blocks that a publisher waits for its own money. */
  static final int TO_SELF_DELAY = 50;

  static final int FINAL_DEPTH = 6;
  private static final int MINIMUM_DEPTH = 3;
  static final Feerate FEERATE = new Feerate(1000);

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

  DriverPolicy driver() {
    return new DriverPolicy(
        options.pricePerKwh(),
        Amount.ZERO,
        options.pricePerKwh(),
        options.increment(),
        Set.of(Direction.IMPORT, Direction.EXPORT),
        Limits.NONE,
        tolerance(),
        options.direction() == Direction.IMPORT
            ? Optional.of(new DriverPolicy.Funding(options.capacity(), Amount.ZERO, FEERATE))
            : Optional.empty(),
        TIMEOUT,
        TIMEOUT);
  }

  ChannelSettings channel(ByteVector32 chainHash) {
    return new ChannelSettings(
        chainHash,
        new ChannelSettings.CapacityBounds(new Satoshi(20_000), new Satoshi(10_000_000_000L)),
        new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(50_000)),
        new Satoshi(354),
        10,
        TO_SELF_DELAY,
        2016,
        MINIMUM_DEPTH,
        FINAL_DEPTH,
        new Amount(1000),
        options.capacity().toAmount(),
        30);
  }

  /** A trace may rest as long as it likes: the demo's car leaves at its end, and not before. */
  private PlausibilityLimits plausibility(MeterSettings settings) {
    PlausibilityLimits usual = PlausibilityLimits.of(settings);
    Duration trace = options.trace().duration();
    return new PlausibilityLimits(
        usual.openingTime(), usual.deadAfter().plus(trace), usual.noisePerMinute());
  }

  private MeterSettings meterSettings() {
    Duration pulse = meter.pulseWidth().multipliedBy(10 - JITTER_TENTHS).dividedBy(10);
    Duration bounce = meter.pulseWidth().dividedBy(10);
    long ratedWatts = Math.max(1, (options.trace().peakMilliwatts() + 999) / 1000);
    return new MeterSettings(options.impulsesPerKwh(), pulse, pulse, ratedWatts, bounce);
  }

  /** A pulse, and what flows in the tenth of a second in which a contactor opens. */
  private MilliWattHours tolerance() {
    long pulse = MilliWattHours.PER_KWH / options.impulsesPerKwh() + 1;
    return new MilliWattHours(2 * pulse + options.trace().peakMilliwatts() / 36_000 + 1);
  }
}
