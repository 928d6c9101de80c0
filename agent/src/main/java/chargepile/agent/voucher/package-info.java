/**
 * The extension layer's payments (P2-01): the channel of balance proofs on an EVM chain (P2-15) as
 * a pure state machine: a state and an event give the next state and the actions to carry out. The
 * other kind of payment leg beside {@code channel}, with the same words for the same things.
 *
 * <p>Imports units, codec, crypto and energy. Does no I/O, reads no clock, draws no randomness;
 * knows nothing of transactions, gas or the contract's ABI.
 */
@NullMarked
package chargepile.agent.voucher;

import org.jspecify.annotations.NullMarked;
