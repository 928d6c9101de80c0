/**
 * {@code chargepile market deploy}, {@code register}, {@code leave} and {@code status}: how a
 * market comes onto an EVM chain, and how parties come into its registry and go.
 *
 * <p>Imports the EVM client, the files of nodes and identities and what is below; knows nothing of
 * quotes and orders.
 */
@NullMarked
package chargepile.agent.cli.market.chain;

import org.jspecify.annotations.NullMarked;
