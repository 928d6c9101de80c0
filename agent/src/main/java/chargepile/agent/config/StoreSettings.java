package chargepile.agent.config;

import java.nio.file.Path;

/**
 * What is kept besides the store.
 *
 * @param backup the file that the backup of the channels goes to; absolute
 */
public record StoreSettings(Path backup) {}
