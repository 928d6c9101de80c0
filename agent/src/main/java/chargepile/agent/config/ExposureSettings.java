package chargepile.agent.config;

import chargepile.agent.units.MilliWattHours;

/**
 * What either side can lose to the other's disappearance.
 *
 * @param increment the energy that one signed update pays for; at least one pulse
 * @param credit energy that may be delivered before it is paid for; zero is prepaid, otherwise at
 *     least one increment
 */
public record ExposureSettings(MilliWattHours increment, MilliWattHours credit) {}
