/**
 * JSON (RFC 8259): read strictly, and written. Pure; imports nothing of the agent and knows nothing
 * of who speaks it.
 */
@NullMarked
package chargepile.agent.json;

import org.jspecify.annotations.NullMarked;
