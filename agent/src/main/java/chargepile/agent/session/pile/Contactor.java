package chargepile.agent.session.pile;

/**
 * The contactor as it was commanded.
 *
 * @param notBeforeNanos monotonic time before which it is not to be closed again
 */
public record Contactor(boolean closed, long notBeforeNanos) {
  /** Open, and free to be closed. */
  public static final Contactor OPEN = new Contactor(false, Long.MIN_VALUE);
}
