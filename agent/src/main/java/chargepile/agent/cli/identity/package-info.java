/**
 * The files of an identity: the KGC's public parameters, certificate, identity key, revocation
 * list, and what goes between a device and the KGC; how programs load them.
 *
 * <p>Imports the node's files and what is below; knows nothing of the commands.
 */
@NullMarked
package chargepile.agent.cli.identity;

import org.jspecify.annotations.NullMarked;
