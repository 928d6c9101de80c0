/**
 * {@code chargepile agency}: the grid service agency as a program of its own, which reviews every
 * established order by the published rules (P2-08 to P2-10).
 *
 * <p>Imports the node's parts of {@code cli.node} and everything below the command line; knows
 * nothing of sessions and channels. What the agency publishes is a person's own act, with {@code
 * market review}.
 */
@NullMarked
package chargepile.agent.cli.agency;

import org.jspecify.annotations.NullMarked;
