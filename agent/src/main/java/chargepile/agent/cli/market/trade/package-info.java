/**
 * {@code chargepile market publish, quote, orders} and {@code review}: what a person does on a
 * market's contracts from an account of its own.
 *
 * <p>Imports the market, the client of the chain and what stands below; knows nothing of sessions
 * and channels.
 */
@NullMarked
package chargepile.agent.cli.market.trade;

import org.jspecify.annotations.NullMarked;
