/**
 * {@code chargepile doctor}: one small class a check. Each looks (files, network, hardware) and
 * then judges what it saw; the judging part takes what was seen as values and touches nothing.
 *
 * <p>Imports everything below the command line, and what the daemon is put together with. Nothing
 * here makes a seed, opens a store for writing, takes the contactor's line or publishes a retained
 * message: it must do no harm beside a running daemon.
 */
@NullMarked
package chargepile.agent.cli.doctor;

import org.jspecify.annotations.NullMarked;
