package chargepile.hal;

import java.util.function.Consumer;

/** Tells whether the pile is too hot: a thermostat in its box or at its contacts. */
public interface HeatSensor {
  /** Where none is wired: never too hot. */
  HeatSensor NONE =
      new HeatSensor() {
        @Override
        public boolean tooHot() {
          return false;
        }

        @Override
        public void listen(Consumer<Boolean> listener) {
          // there is nothing to tell
        }
      };

  /**
   * The present state; safe to call from any thread.
   *
   * @throws HardwareException when it cannot be read
   */
  boolean tooHot();

  /**
   * Delivers every later change, not the present state.
   *
   * @param listener gets true for too hot; called on the hardware's own thread, must only enqueue
   *     and never block
   * @throws IllegalStateException when there is a listener already
   */
  void listen(Consumer<Boolean> listener);
}
