/**
 * The penalty channel as a pure state machine: a state and an event give the next state and the
 * actions to carry out.
 *
 * <p>Imports units, crypto and energy. Does no I/O, reads no clock, draws no randomness.
 */
@NullMarked
package chargepile.agent.channel;

import org.jspecify.annotations.NullMarked;
