package chargepile.agent.ocmf;

/**
 * Which quantities of a reading can't be billed any more (OCMF, field {@code EF}).
 *
 * @param energy {@code E}
 * @param time {@code t}
 */
public record ErrorFlags(boolean energy, boolean time) {
  public static final ErrorFlags NONE = new ErrorFlags(false, false);

  /** As it stands in a record. */
  public String text() {
    return (energy ? "E" : "") + (time ? "t" : "");
  }
}
