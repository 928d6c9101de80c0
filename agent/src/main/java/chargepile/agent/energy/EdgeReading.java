package chargepile.agent.energy;

import chargepile.agent.units.Direction;

/**
 * A change of a meter's pulse output, as the kernel saw it.
 *
 * @param direction the register that the output belongs to
 * @param active whether the output conducts after the edge: true at the start of a pulse
 * @param timestampNanos the kernel's monotonic time stamp
 * @param sequence the line's own edge number; a jump means lost edges
 */
public record EdgeReading(
    Direction direction, boolean active, long timestampNanos, long sequence) {}
