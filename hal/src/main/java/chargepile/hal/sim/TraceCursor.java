package chargepile.hal.sim;

import chargepile.hal.Register;
import chargepile.hal.sim.PowerTrace.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A meter that runs along a trace. Energy is counted in integers and never rounded, so a long trace
 * does not drift: a pulse is due in the first nanosecond in which the register's energy reaches the
 * next multiple of 1 kWh / (imp/kWh).
 *
 * <p>Energy unit: picojoule (mW x ns) times imp/kWh, of which a pulse is always 3.6e18.
 */
final class TraceCursor {
  private static final long PULSE = 3_600_000_000_000_000_000L;
  private static final long PULSE_PER_MICRO = PULSE / 1_000_000;

  /** Whole pulses and the energy since the last. */
  private static final class Count {
    private long pulses;
    private long remainder;
  }

  private final List<Step> steps;
  private final long impPerKwh;
  private final Count imported = new Count();
  private final Count exported = new Count();
  private int index;
  private long nanosLeftInStep;

  TraceCursor(PowerTrace trace, int impPerKwh) {
    this.steps = trace.steps();
    this.impPerKwh = impPerKwh;
    this.nanosLeftInStep = steps.getFirst().nanos();
  }

  /** Back to the trace's first step; what was counted stays. */
  void rewind() {
    index = 0;
    nanosLeftInStep = steps.getFirst().nanos();
  }

  boolean ended() {
    return index == steps.size();
  }

  /** Present power, 0 after the end. */
  long milliwatts() {
    return ended() ? 0 : steps.get(index).milliwatts();
  }

  /** Trace time until the next pulse or change of power; only before the end. */
  long nanosToHappening() {
    long rate = rate();
    if (rate == 0) {
      return nanosLeftInStep;
    }
    long missing = PULSE - count(register()).remainder;
    return Math.min(nanosLeftInStep, Math.ceilDiv(missing, rate));
  }

  /**
   * Runs on by at most {@link #nanosToHappening()}.
   *
   * @return the register that completed a pulse, if one did
   */
  @Nullable Register advance(long nanos) {
    if (nanos < 0 || nanos > nanosToHappening()) {
      throw new IllegalArgumentException("cannot run " + nanos + " ns past the next happening");
    }
    Register register = register();
    Count count = count(register);
    count.remainder += rate() * nanos;
    nanosLeftInStep -= nanos;
    if (nanosLeftInStep == 0) {
      index++;
      nanosLeftInStep = ended() ? 0 : steps.get(index).nanos();
    }
    if (count.remainder < PULSE) {
      return null;
    }
    count.remainder -= PULSE;
    count.pulses++;
    return register;
  }

  long pulses(Register register) {
    return count(register).pulses;
  }

  /** What the register has counted, pulses and the rest, in whole milliwatt-hours. */
  long milliWattHours(Register register) {
    Count count = count(register);
    return (count.pulses * 1_000_000 + count.remainder / PULSE_PER_MICRO) / impPerKwh;
  }

  private Count count(Register register) {
    return switch (register) {
      case IMPORT -> imported;
      case EXPORT -> exported;
    };
  }

  private long rate() {
    return Math.abs(milliwatts()) * impPerKwh;
  }

  private Register register() {
    return milliwatts() < 0 ? Register.EXPORT : Register.IMPORT;
  }
}
