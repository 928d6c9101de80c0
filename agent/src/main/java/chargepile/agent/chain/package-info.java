/**
 * The block chain as the agent needs it: ports, and below them the chains that implement them.
 *
 * <p>Imports units, crypto and channel; knows nothing of sessions, MQTT or the store.
 */
@NullMarked
package chargepile.agent.chain;

import org.jspecify.annotations.NullMarked;
