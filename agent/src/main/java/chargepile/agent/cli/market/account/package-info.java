/**
 * {@code chargepile market account}: what an energy account has (P2-14), and how money comes into
 * it and out of it.
 *
 * <p>Imports the chain's client and how commands reach a chain; knows nothing of orders and
 * parties.
 */
@NullMarked
package chargepile.agent.cli.market.account;

import org.jspecify.annotations.NullMarked;
