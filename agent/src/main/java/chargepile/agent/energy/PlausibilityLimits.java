package chargepile.agent.energy;

import java.time.Duration;

/**
 * Where a meter's behaviour becomes a fault, or its silence the end of a session.
 *
 * @param openingTime how long after the command to open the contactor may still conduct, and the
 *     meter still show it
 * @param deadAfter how long a closed contactor may go without a pulse before the session ends: the
 *     meter may be dead, and then what flows is free
 * @param noisePerMinute noise within a minute that is still tolerated, 0 or more
 */
public record PlausibilityLimits(Duration openingTime, Duration deadAfter, int noisePerMinute) {
  /** A contactor opens within 0.1 s; a meter's output may lag behind by most of a second. */
  public static final Duration DEFAULT_OPENING_TIME = Duration.ofSeconds(1);

  public static final int DEFAULT_NOISE_PER_MINUTE = 60;

  /** Less than the 1380 W that a car draws at the least (6 A on one phase, IEC 61851-1). */
  private static final long LOWEST_WATTS = 1000;

  /** Cars take up to a minute to begin; at 22 kW less than the usual increment flows meanwhile. */
  private static final Duration SHORTEST_SILENCE = Duration.ofMinutes(2);

  public PlausibilityLimits {
    if (openingTime.isNegative() || !deadAfter.isPositive() || noisePerMinute < 0) {
      throw new IllegalArgumentException(
          "limits out of range: opening time %s, dead after %s, noise %d a minute"
              .formatted(openingTime, deadAfter, noisePerMinute));
    }
  }

  /** The usual limits: silent is three pulses' time at 1 kW, and never less than 2 minutes. */
  public static PlausibilityLimits of(MeterSettings settings) {
    return new PlausibilityLimits(
        DEFAULT_OPENING_TIME, deadAfter(settings), DEFAULT_NOISE_PER_MINUTE);
  }

  /** The usual time without a pulse that ends a session. */
  public static Duration deadAfter(MeterSettings settings) {
    Duration three = Duration.ofNanos(3 * settings.spacingNanosAt(LOWEST_WATTS));
    return three.compareTo(SHORTEST_SILENCE) < 0 ? SHORTEST_SILENCE : three;
  }
}
