package chargepile.hal;

import java.util.function.Consumer;

/** All that a pile touches, real or simulated. */
public interface PileHardware extends AutoCloseable {

  /** The meter's pulse outputs. */
  PulseInput pulses();

  /** The power contactor. */
  Contactor contactor();

  /** The plug sensor. */
  PlugSensor plug();

  /** The over-temperature input; {@link HeatSensor#NONE} where none is wired. */
  default HeatSensor heat() {
    return HeatSensor.NONE;
  }

  /** The status light. */
  StatusLight light();

  /**
   * Tells when pulses, plug or heat cannot be read any more, once. The contactor has been released
   * by then and refuses to close from then on: only hardware that is opened anew works again.
   *
   * @param listener gets what failed, where, and what to do; called on the hardware's own thread,
   *     or at once when it failed before; must only enqueue and never block
   * @throws IllegalStateException when there is a listener already
   */
  void onFailure(Consumer<String> listener);

  /** Releases the contactor first, then everything else; may be called twice. */
  @Override
  void close();
}
