/**
 * What the pile's daemon and the driver's commands both stand on: seed, broker, Bitcoin node,
 * address.
 *
 * <p>Imports everything below the command line; knows nothing of the commands.
 */
@NullMarked
package chargepile.agent.cli.node;

import org.jspecify.annotations.NullMarked;
