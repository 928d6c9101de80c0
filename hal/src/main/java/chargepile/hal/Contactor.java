package chargepile.hal;

/** The power contactor between the grid and the car. Safe to call from any thread. */
public interface Contactor {

  /**
   * Commands the contactor to close.
   *
   * @throws HardwareStoppedException after {@link #releaseForGood}
   * @throws HardwareException when the output cannot be driven or the hardware has failed; the
   *     contactor is then left open
   */
  void engage();

  /**
   * Commands the contactor to open, at once: waits for nothing, may be repeated, and is also done
   * at shutdown.
   *
   * @throws HardwareException when the output cannot be driven
   */
  void release();

  /**
   * The same, for good: the agent stops, and whatever still comes to engage is refused.
   *
   * @throws HardwareException when the output cannot be driven; engaging is refused all the same
   */
  void releaseForGood();

  /**
   * Tells whether the contactor is closed: the readback of the auxiliary contact when one is wired,
   * else the commanded state.
   */
  boolean engaged();

  /**
   * Tells whether the contactor is commanded to be closed, by whoever commanded it last: it may
   * have been released without the agent's doing, when the hardware failed or shuts down.
   */
  boolean commanded();
}
