package chargepile.hal;

import java.util.function.Consumer;

/** Tells whether a car is plugged in. */
public interface PlugSensor {

  /** The present state; safe to call from any thread. */
  boolean plugged();

  /**
   * Delivers every later change, not the present state.
   *
   * @param listener gets true for plugged in; called on the hardware's own thread, must only
   *     enqueue and never block
   * @throws IllegalStateException when there is a listener already
   */
  void listen(Consumer<Boolean> listener);
}
