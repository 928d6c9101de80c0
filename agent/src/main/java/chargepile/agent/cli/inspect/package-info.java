/**
 * {@code chargepile inspect}: what a store holds, for people and as JSON.
 *
 * <p>Imports the store, the channel's codec and units. Opens stores for reading only; nothing here
 * can write one.
 */
@NullMarked
package chargepile.agent.cli.inspect;

import org.jspecify.annotations.NullMarked;
