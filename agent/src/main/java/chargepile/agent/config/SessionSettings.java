package chargepile.agent.config;

import chargepile.agent.units.MilliWattHours;
import java.time.Duration;

/**
 * The patience of a charging session, and what it leaves behind.
 *
 * @param peerTimeout how long a silent driver is waited for before the session ends
 * @param authoriseTimeout how long the driver may take to accept the terms
 * @param closeTimeout how long a cooperative close may take before the pile closes alone
 * @param closeAfterSession whether a channel ends with its session
 * @param closeWhenSilent whether the pile closes alone the channel of a driver that fell silent
 * @param storeEvery how long counted energy may go unstored
 * @param storeEveryEnergy how much of it may
 */
public record SessionSettings(
    Duration peerTimeout,
    Duration authoriseTimeout,
    Duration closeTimeout,
    boolean closeAfterSession,
    boolean closeWhenSilent,
    Duration storeEvery,
    MilliWattHours storeEveryEnergy) {}
