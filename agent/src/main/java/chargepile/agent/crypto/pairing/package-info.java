/**
 * The pairing group BLS12-381: hashing to G1 (RFC 9380), points, scalars and the equality of two
 * pairings, native or in pure Java.
 *
 * <p>Pure: secrets are injected. Imports nothing of the agent; knows nothing of who signs what.
 */
@NullMarked
package chargepile.agent.crypto.pairing;

import org.jspecify.annotations.NullMarked;
