package chargepile.agent.energy;

import java.util.OptionalLong;

/**
 * The power that the spacing of a meter's pulses stands for, for display and as a hint.
 *
 * @param pulses how many of the two times below are known: 0, 1 or 2
 * @param previousNanos start of the last pulse but one
 * @param lastNanos start of the last pulse
 */
public record PowerEstimate(
    MeterSettings settings, int pulses, long previousNanos, long lastNanos) {
  /** No pulse seen yet. */
  public static PowerEstimate none(MeterSettings settings) {
    return new PowerEstimate(settings, 0, 0, 0);
  }

  /** The estimate after a pulse. */
  public PowerEstimate on(PulseNotice.Pulse pulse) {
    return new PowerEstimate(settings, Math.min(2, pulses + 1), lastNanos, pulse.startNanos());
  }

  /**
   * The power at {@code nowNanos} of the pulses' clock, in watts. While the next pulse is overdue
   * the estimate sinks, for the longest that may flow unseen is one pulse's energy.
   *
   * @return empty until two pulses have been seen
   */
  public OptionalLong watts(long nowNanos) {
    return pulses < 2
        ? OptionalLong.empty()
        : OptionalLong.of(
            settings.watts(Math.max(lastNanos - previousNanos, nowNanos - lastNanos)));
  }

  /**
   * Whether energy flows by all that can be known: the next pulse is not overdue by more than the
   * time between the last two.
   */
  public boolean isFresh(long nowNanos) {
    return pulses == 2 && nowNanos - lastNanos <= 2 * (lastNanos - previousNanos);
  }
}
