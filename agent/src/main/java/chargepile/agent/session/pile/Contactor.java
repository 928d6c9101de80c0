package chargepile.agent.session.pile;

/**
 * The contactor as it was commanded.
 *
 * @param notBeforeNanos monotonic time before which it is not to be closed again
 * @param conducts whether the last readback said that it conducts though it is commanded to be open
 */
public record Contactor(boolean closed, long notBeforeNanos, boolean conducts) {
  /** Open, and free to be closed. */
  public static final Contactor OPEN = new Contactor(false, Long.MIN_VALUE, false);
}
