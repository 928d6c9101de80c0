/**
 * {@code chargepile backup | restore}: what a person does before and after a disk is lost.
 *
 * <p>Imports the node's files and what is below; no rule of recovery lives here.
 */
@NullMarked
package chargepile.agent.cli.backup;

import org.jspecify.annotations.NullMarked;
