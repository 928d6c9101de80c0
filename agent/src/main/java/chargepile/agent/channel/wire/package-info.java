/**
 * The messages between channel peers and their wire form (BOLT 1, BOLT 2).
 *
 * <p>Pure bytes in, records out. Knows nothing of what a message does to a channel.
 */
@NullMarked
package chargepile.agent.channel.wire;

import org.jspecify.annotations.NullMarked;
