/**
 * The pile as a pure state machine: meter, contactor, session and the channels with its drivers.
 *
 * <p>Imports the session's shared records and everything below. A transition's actions are to be
 * carried out in the order given.
 */
@NullMarked
package chargepile.agent.session.pile;

import org.jspecify.annotations.NullMarked;
