/**
 * Who the peer is, and the settlement certificate that both sides sign when a session has ended
 * (P1-33): a small state machine beside those of pile and driver, which give it what happens and
 * carry out what it asks for. It reads certificates and signs nothing itself: that takes pairings,
 * and is asked of a {@link chargepile.agent.session.notary.Clerk}, on a thread of its own.
 *
 * <p>Imports units, energy, channel, identity and the session's wire format. Pure.
 */
@NullMarked
package chargepile.agent.session.notary;

import org.jspecify.annotations.NullMarked;
