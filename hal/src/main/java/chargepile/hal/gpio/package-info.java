/**
 * The ports on a Raspberry Pi: Pi4J with a provider of our own over the kernel's GPIO character
 * device (uAPI v2), called through java.lang.foreign.
 *
 * <p>Imports {@code chargepile.hal} and Pi4J; must not know the simulator, money or the network.
 */
@NullMarked
package chargepile.hal.gpio;

import org.jspecify.annotations.NullMarked;
