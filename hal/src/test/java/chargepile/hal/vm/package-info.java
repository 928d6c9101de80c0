/**
 * The adapter on the GPIO character device of a real kernel: the program that runs inside the
 * virtual machine, and the test that boots it.
 */
@NullMarked
package chargepile.hal.vm;

import org.jspecify.annotations.NullMarked;
