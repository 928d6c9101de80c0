/**
 * {@code chargepile kgc}: the key generation centre as a program, on files and over MQTT.
 *
 * <p>Imports the files of identities and of nodes and what is below; knows nothing of sessions.
 */
@NullMarked
package chargepile.agent.cli.kgc;

import org.jspecify.annotations.NullMarked;
