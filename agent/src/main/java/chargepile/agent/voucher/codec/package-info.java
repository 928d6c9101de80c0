/**
 * A voucher channel's state as bytes, for the store. Versioned, strict and pure.
 *
 * <p>Imports the state; knows nothing of where the bytes are kept.
 */
@NullMarked
package chargepile.agent.voucher.codec;

import org.jspecify.annotations.NullMarked;
