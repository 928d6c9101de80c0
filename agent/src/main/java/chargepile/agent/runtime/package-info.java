/**
 * The event loop: feeds the pure machines with what happens and carries out their actions, in
 * order, one stored transition at a time.
 *
 * <p>Imports everything below; is imported by the web page and the command line only.
 */
@NullMarked
package chargepile.agent.runtime;

import org.jspecify.annotations.NullMarked;
