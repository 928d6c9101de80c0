package chargepile.agent.session.wire;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;

/**
 * What a driver wants at most of a session. {@link Long#MAX_VALUE} stands for no limit.
 *
 * @param energy in each direction
 * @param money that the driver pays
 * @param powerWatts in each direction, 1 or more; a pile with a higher rated power is refused
 * @param duration of charging, in whole milliseconds
 */
public record Limits(MilliWattHours energy, Amount money, long powerWatts, Duration duration) {
  public static final Limits NONE =
      new Limits(
          new MilliWattHours(Long.MAX_VALUE),
          new Amount(Long.MAX_VALUE),
          Long.MAX_VALUE,
          Duration.ofMillis(Long.MAX_VALUE));

  public Limits {
    if (powerWatts < 1) {
      throw new IllegalArgumentException("power limit of " + powerWatts + " W");
    }
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration limit of " + duration);
    }
    duration = Duration.ofMillis(duration.toMillis());
  }
}
