/**
 * One chain out of several that ask different nodes: the best of them serves, and what they
 * disagree in is told.
 *
 * <p>Imports units, channel and chain; knows nothing of how a node is asked.
 */
@NullMarked
package chargepile.agent.chain.redundant;

import org.jspecify.annotations.NullMarked;
