/** {@code chargepile driver}: the other side of the cable, from the pile's address. */
@NullMarked
package chargepile.agent.cli.driver;

import org.jspecify.annotations.NullMarked;
