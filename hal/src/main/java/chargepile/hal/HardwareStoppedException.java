package chargepile.hal;

import java.io.Serial;

/** The agent stops, so the contactor does not close any more. Nothing has failed. */
public final class HardwareStoppedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public HardwareStoppedException() {
    super("the contactor stays open: the agent stops");
  }
}
