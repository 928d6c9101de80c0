/**
 * {@code chargepile certs}: a private authority for the broker's TLS and the certificates it makes.
 *
 * <p>Imports the node's files and what is below; knows nothing of connections.
 */
@NullMarked
package chargepile.agent.cli.certs;

import org.jspecify.annotations.NullMarked;
