package chargepile.hal.sim;

import chargepile.hal.HeatSensor;
import chargepile.hal.PlugSensor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A contact that is on or off and tells its changes. Thread-safe. */
final class SimulatedSwitch {
  private final String name;
  private boolean on;
  private boolean cut;
  private @Nullable Consumer<Boolean> listener;

  /**
   * @param name for messages
   */
  SimulatedSwitch(String name) {
    this.name = name;
  }

  /** On is plugged in. */
  PlugSensor asPlug() {
    return new PlugSensor() {
      @Override
      public boolean plugged() {
        return isOn();
      }

      @Override
      public void listen(Consumer<Boolean> next) {
        SimulatedSwitch.this.listen(next);
      }
    };
  }

  /** On is too hot. */
  HeatSensor asHeat() {
    return new HeatSensor() {
      @Override
      public boolean tooHot() {
        return isOn();
      }

      @Override
      public void listen(Consumer<Boolean> next) {
        SimulatedSwitch.this.listen(next);
      }
    };
  }

  synchronized boolean isOn() {
    return on;
  }

  private synchronized void listen(Consumer<Boolean> next) {
    if (listener != null) {
      throw new IllegalStateException("the " + name + " has a listener already");
    }
    listener = next;
  }

  /** Moves it and tells, if that is a change. */
  void set(boolean to) {
    if (move(to)) {
      tell();
    }
  }

  /**
   * Moves it.
   *
   * @return whether that is a change, to be told with {@link #tell}
   */
  synchronized boolean move(boolean to) {
    boolean changed = on != to;
    on = to;
    return changed;
  }

  /** Tells the listener how it is now; outside of all locks. */
  void tell() {
    Consumer<Boolean> told;
    boolean now;
    synchronized (this) {
      told = cut ? null : listener;
      now = on;
    }
    if (told != null) {
      told.accept(now);
    }
  }

  /** Its wire is cut: it still moves, but nobody hears of it. */
  synchronized void cut() {
    cut = true;
  }

  synchronized void forgetListener() {
    listener = null;
  }
}
