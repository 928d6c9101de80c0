package chargepile.agent.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The pile itself.
 *
 * @param id its name in topics and records: letters, digits, {@code _} and {@code -}, at most 32
 * @param dataDirectory where the store and the node's key lie; absolute
 * @param passphraseFile holds the passphrase that seals the node's seed; empty when the seed lies
 *     unsealed
 * @param ratedPowerWatts the most it can deliver or take back
 */
public record PileSettings(
    String id, Path dataDirectory, Optional<Path> passphraseFile, long ratedPowerWatts) {}
