/**
 * {@code chargepile.toml} as typed settings, with all that is wrong in it told at once.
 *
 * <p>Imports units, energy and crypto (the checksum of addresses). Knows nothing of those who use
 * the settings; whoever composes the program maps them. Reads files named by the operator and
 * nothing else; secrets stay in files of their own, of which only the paths are known here.
 */
@NullMarked
package chargepile.agent.config;

import org.jspecify.annotations.NullMarked;
