/**
 * The pile's side of MQTT: topics, the Paho client, and the encrypted frames between peers.
 *
 * <p>Imports units, crypto and channel; knows nothing of sessions or of the store.
 */
@NullMarked
package chargepile.agent.mqtt;

import org.jspecify.annotations.NullMarked;
