/**
 * Who trades: the key generation centre, identity keys, certificates and their revocation, the
 * short multi-signature and the settlement certificate it signs (P1-07 to P1-18, P1-33).
 *
 * <p>Pure: keys, random bytes and the time are injected. Imports {@code units} and {@code crypto};
 * knows nothing of channels, sessions or files. Identity keys never hold money (P1-09).
 */
@NullMarked
package chargepile.agent.identity;

import org.jspecify.annotations.NullMarked;
