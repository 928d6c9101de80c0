/**
 * The parts that messages and stored states are made of: how bytes are read strictly and written,
 * whatever is in them.
 *
 * <p>Imports units only. Pure: bytes in, values out; knows no message and no state.
 */
@NullMarked
package chargepile.agent.codec;

import org.jspecify.annotations.NullMarked;
