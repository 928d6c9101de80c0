/**
 * The command line: {@code chargepile demo | inspect | check-config}, and the composition root that
 * puts the parts below together.
 *
 * <p>May import everything below. Nothing imports it. No rule of money or energy lives here:
 * commands read options, call, and print.
 */
@NullMarked
package chargepile.agent.cli;

import org.jspecify.annotations.NullMarked;
