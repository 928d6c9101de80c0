package chargepile.agent.energy;

import java.time.Duration;

/**
 * Where the behaviour of meter and contactor becomes a fault, or the meter's silence the end of a
 * session, and when heat is over.
 *
 * @param openingTime how long after the command to open the contactor may still conduct, and the
 *     meter still show it
 * @param closingTime how long after the command to close the contactor's readback may still say
 *     open
 * @param deadAfter how long a closed contactor may go without a pulse before the session ends: the
 *     meter may be dead, and then what flows is free
 * @param noisePerMinute noise within a minute that is still tolerated, 0 or more
 * @param coolDown how long it must not have been too hot before a pile that was sells again
 */
public record PlausibilityLimits(
    Duration openingTime,
    Duration closingTime,
    Duration deadAfter,
    int noisePerMinute,
    Duration coolDown) {
  /** A contactor opens within 0.1 s; a meter's output may lag behind by most of a second. */
  public static final Duration DEFAULT_OPENING_TIME = Duration.ofSeconds(1);

  /** A contactor closes within 0.1 s; an interposing relay takes as long again. */
  public static final Duration DEFAULT_CLOSING_TIME = Duration.ofSeconds(1);

  /** A thermostat's own hysteresis does most of it. */
  public static final Duration DEFAULT_COOL_DOWN = Duration.ofMinutes(5);

  public static final int DEFAULT_NOISE_PER_MINUTE = 60;

  /** Less than the 1380 W that a car draws at the least (6 A on one phase, IEC 61851-1). */
  public static final long LOWEST_WATTS = 1000;

  /** Cars take up to a minute to begin; at 22 kW less than the usual increment flows meanwhile. */
  private static final Duration SHORTEST_SILENCE = Duration.ofMinutes(2);

  public PlausibilityLimits {
    if (openingTime.isNegative()
        || closingTime.isNegative()
        || !deadAfter.isPositive()
        || noisePerMinute < 0
        || coolDown.isNegative()) {
      throw new IllegalArgumentException(
          ("limits out of range: opening time %s, closing time %s, dead after %s, noise %d a"
                  + " minute, cool-down %s")
              .formatted(openingTime, closingTime, deadAfter, noisePerMinute, coolDown));
    }
  }

  /** With the usual closing time and cool-down. */
  public PlausibilityLimits(Duration openingTime, Duration deadAfter, int noisePerMinute) {
    this(openingTime, DEFAULT_CLOSING_TIME, deadAfter, noisePerMinute, DEFAULT_COOL_DOWN);
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
