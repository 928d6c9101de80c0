/**
 * Hostile input for every door: whatever reads bytes or text that another party, a disk or a person
 * wrote. A {@link chargepile.agent.fuzz.Door} says what it reads and how it refuses; {@link
 * chargepile.agent.fuzz.Fuzz} tries to make it do anything else. Doors that are not public are
 * tested beside their classes. This package knows none of them.
 */
@NullMarked
package chargepile.agent.fuzz;

import org.jspecify.annotations.NullMarked;
