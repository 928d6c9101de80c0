/**
 * secp256k1, BOLT 3 key derivation, per-commitment secrets and the rules of what may be signed.
 *
 * <p>Pure: keys and randomness are injected. Imports units only; knows nothing of transactions.
 */
@NullMarked
package chargepile.agent.crypto;

import org.jspecify.annotations.NullMarked;
