/**
 * The driver's side of a session as a pure state machine: it agrees to terms within its policy,
 * reviews every claim, and keeps the channel with one pile.
 *
 * <p>Imports the session's shared records and everything below.
 */
@NullMarked
package chargepile.agent.session.driver;

import org.jspecify.annotations.NullMarked;
