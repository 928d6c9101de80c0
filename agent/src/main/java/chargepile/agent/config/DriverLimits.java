package chargepile.agent.config;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import java.time.Duration;

/**
 * What a driver's wallet accepts without asking; it refuses terms and increments beyond.
 *
 * @param maximumPricePerKwh the highest price for energy into the car
 * @param minimumExportPricePerKwh the lowest price for energy out of the car
 * @param maximumPricePerMinute the highest price for time
 * @param maximumEnergy of a session
 * @param maximumAmount of a session
 * @param maximumPowerWatts what the car can draw or feed at the most: increments that claim more
 *     are refused
 * @param maximumDuration of a session
 */
public record DriverLimits(
    Amount maximumPricePerKwh,
    Amount minimumExportPricePerKwh,
    Amount maximumPricePerMinute,
    MilliWattHours maximumEnergy,
    Satoshi maximumAmount,
    long maximumPowerWatts,
    Duration maximumDuration) {}
