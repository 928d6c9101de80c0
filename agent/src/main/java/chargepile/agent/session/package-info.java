/**
 * The charging session: what pile and driver agree on, and the arithmetic of what may be owed. The
 * two sides are state machines in {@code session.pile} and {@code session.driver}; each contains
 * the channels it keeps, as the payment legs of {@code session.leg}: its rules do not know which
 * ledger pays.
 *
 * <p>Imports units, codec, crypto and energy; for what is said and stored of a channel also channel
 * and voucher. Pure: no I/O, no clock, no randomness. Knows nothing of MQTT, the store or where a
 * chain comes from.
 */
@NullMarked
package chargepile.agent.session;

import org.jspecify.annotations.NullMarked;
