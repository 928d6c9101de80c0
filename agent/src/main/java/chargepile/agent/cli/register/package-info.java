/**
 * {@code chargepile register}: how a pile or a driver asks a key generation centre for its
 * identity, on files or over MQTT.
 *
 * <p>Imports the files of identities and of nodes and what is below; knows nothing of the KGC's own
 * files.
 */
@NullMarked
package chargepile.agent.cli.register;

import org.jspecify.annotations.NullMarked;
