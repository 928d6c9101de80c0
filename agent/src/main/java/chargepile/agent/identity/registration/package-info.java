/**
 * What goes between a device and the key generation centre that registers it: request, sealed
 * reply, and the messages of the encrypted link.
 *
 * <p>Pure: keys, time and randomness are injected. Imports the identity and crypto; knows nothing
 * of files and connections.
 */
@NullMarked
package chargepile.agent.identity.registration;

import org.jspecify.annotations.NullMarked;
