package chargepile.agent.config;

import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.Optional;

/**
 * The patience and limits of a charging session.
 *
 * @param peerTimeout how long an answer of the driver's may take before the contactor opens
 * @param authoriseTimeout how long the driver may take to accept the terms
 * @param closeAfterSilence how long a silent driver may owe a settlement before the pile closes the
 *     channel alone
 * @param maximumEnergy empty for no limit
 * @param maximumDuration empty for no limit
 */
public record SessionSettings(
    Duration peerTimeout,
    Duration authoriseTimeout,
    Duration closeAfterSilence,
    Optional<MilliWattHours> maximumEnergy,
    Optional<Duration> maximumDuration) {}
