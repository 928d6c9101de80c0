package chargepile.agent.session.pile;

import chargepile.agent.energy.PileFault;
import java.time.Instant;
import java.util.Optional;

/**
 * A fault that keeps the pile from charging.
 *
 * @param since by the wall clock; empty when it was stored by a program that did not keep it
 * @param detail the figures; empty likewise
 */
public record StandingFault(PileFault fault, Optional<Instant> since, String detail) {}
