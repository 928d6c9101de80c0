package chargepile.hal.gpio;

/**
 * A change of a line's voltage.
 *
 * @param timestampNanos kernel monotonic time
 * @param rising to high, else to low
 * @param sequence number on this line since it was requested, from 1
 */
record LineEvent(long timestampNanos, boolean rising, long sequence) {}
