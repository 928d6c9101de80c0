/**
 * A channel's state as bytes, for the store and for backups. Versioned, strict and pure.
 *
 * <p>Imports the state and the message codec; knows nothing of where the bytes are kept.
 */
@NullMarked
package chargepile.agent.channel.codec;

import org.jspecify.annotations.NullMarked;
