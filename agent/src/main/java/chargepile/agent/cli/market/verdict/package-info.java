/**
 * {@code chargepile market verdict}, {@code bond} and {@code revoke}: how a harmed party gets what
 * it is due out of a bond (P1-11), whose a bond is, and how a centre's revocations reach a
 * registry.
 *
 * <p>Imports the registry, identities and how commands reach a chain; knows nothing of quotes and
 * orders.
 */
@NullMarked
package chargepile.agent.cli.market.verdict;

import org.jspecify.annotations.NullMarked;
