/**
 * The payment leg of a charging session: the one place of the session that knows which ledger pays.
 * What the rules of a session ask of a channel, tell it and hear of it, in words that every ledger
 * has; and behind them the penalty channel on Bitcoin (P1-29) and the voucher channel on an EVM
 * chain (P2-15).
 *
 * <p>Imports units, energy, channel and voucher. Pure: no I/O, no clock, no randomness. Knows
 * nothing of the session's rules.
 */
@NullMarked
package chargepile.agent.session.leg;

import org.jspecify.annotations.NullMarked;
