/**
 * What pile and driver say to each other about a session, beside the channel's messages, and the
 * wire form of it.
 *
 * <p>Imports units, energy and the channel's wire format. Pure.
 */
@NullMarked
package chargepile.agent.session.wire;

import org.jspecify.annotations.NullMarked;
