/**
 * What nodes and servers answer in JSON; what they lack is their fault.
 *
 * <p>Imports units, json and chain; knows nothing of who speaks it.
 */
@NullMarked
package chargepile.agent.chain.json;

import org.jspecify.annotations.NullMarked;
