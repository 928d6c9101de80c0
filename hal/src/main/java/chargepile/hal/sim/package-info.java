/**
 * The simulated-GPIO harness: the ports of {@code chargepile.hal} under virtual time, fed by power
 * traces, an S0 meter and scripted disturbances.
 *
 * <p>Imports {@code chargepile.hal} only; must not know Pi4J, money or the network.
 */
@NullMarked
package chargepile.hal.sim;

import org.jspecify.annotations.NullMarked;
