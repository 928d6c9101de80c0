/**
 * What every chain that is asked over HTTP needs.
 *
 * <p>Imports nothing of the agent's.
 */
@NullMarked
package chargepile.agent.chain.http;

import org.jspecify.annotations.NullMarked;
