package chargepile.agent.config;

import java.nio.file.Path;

/**
 * The pile itself.
 *
 * @param id its name in topics and records: letters, digits, {@code _} and {@code -}, at most 32
 * @param dataDirectory where the store and the node's key lie; absolute
 * @param ratedPowerWatts the most it can deliver or take back
 */
public record PileSettings(String id, Path dataDirectory, long ratedPowerWatts) {}
