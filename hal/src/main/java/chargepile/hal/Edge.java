package chargepile.hal;

/**
 * A change of a meter's S0 pulse output, as the kernel (or the simulated one) recorded it.
 *
 * @param register the meter register whose output changed
 * @param active true when the output switched on: the falling edge of an open collector with
 *     pull-up (IEC 62053-31)
 * @param timestampNanos monotonic kernel time in nanoseconds; comparable with other edges only
 * @param sequence number of the edge on its line, from 1, one more each edge; a jump means that
 *     edges were lost before they could be read
 */
public record Edge(Register register, boolean active, long timestampNanos, long sequence) {

  /** Refuses a sequence number below 1, which no line ever has. */
  public Edge {
    if (sequence < 1) {
      throw new IllegalArgumentException("edge sequence starts at 1, not " + sequence);
    }
  }
}
