/**
 * The messages between the peers of a voucher channel and their wire form.
 *
 * <p>Pure bytes in, records out. Knows nothing of what a message does to a channel.
 */
@NullMarked
package chargepile.agent.voucher.wire;

import org.jspecify.annotations.NullMarked;
