/**
 * {@code chargepile market}: the order book and the matching of quotes from a file.
 *
 * <p>Imports the market and what is below; knows nothing of chains, channels or connections.
 */
@NullMarked
package chargepile.agent.cli.market;

import org.jspecify.annotations.NullMarked;
