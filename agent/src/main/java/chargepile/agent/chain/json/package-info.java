/**
 * JSON (RFC 8259) as nodes and servers speak it: read strictly, and written.
 *
 * <p>Imports units and chain; knows nothing of who speaks it.
 */
@NullMarked
package chargepile.agent.chain.json;

import org.jspecify.annotations.NullMarked;
