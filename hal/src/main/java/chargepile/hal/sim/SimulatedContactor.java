package chargepile.hal.sim;

import chargepile.hal.Contactor;
import chargepile.hal.HardwareException;
import chargepile.hal.HardwareStoppedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A contactor that takes its time to open, and does what the script says. Thread-safe. */
final class SimulatedContactor implements Contactor {
  private final Object lock;
  private final SimulatedClock clock;
  private final Disturbances disturbances;
  private final Duration openingDelay;
  private final boolean auxiliaryContact;
  private final Runnable switched;

  // Guarded by the lock.
  private boolean commanded;
  private boolean conducting;
  private boolean failed;
  private boolean stopped;
  private SimulatedClock.@Nullable Timer opening;

  /**
   * An open contactor.
   *
   * @param lock guards it together with the circuit that it is in
   * @param switched told, under the lock, whenever it begins or ceases to conduct
   */
  SimulatedContactor(
      Object lock,
      SimulatedClock clock,
      Disturbances disturbances,
      Duration openingDelay,
      boolean auxiliaryContact,
      Runnable switched) {
    this.lock = lock;
    this.clock = clock;
    this.disturbances = disturbances;
    this.openingDelay = openingDelay;
    this.auxiliaryContact = auxiliaryContact;
    this.switched = switched;
  }

  @Override
  public void engage() {
    synchronized (lock) {
      if (failed) {
        throw new HardwareException("the contactor stays open: the simulated lines are lost");
      }
      if (stopped) {
        throw new HardwareStoppedException();
      }
      commanded = true;
      if (opening != null) {
        opening.cancel();
        opening = null;
      }
      if (!disturbances.stuckOpen()) {
        conduct(true);
      }
    }
  }

  @Override
  public void release() {
    synchronized (lock) {
      commanded = false;
      if (conducting && opening == null && !disturbances.welded()) {
        opening = clock.schedule(openingDelay, this::open);
      }
    }
  }

  @Override
  public void releaseForGood() {
    synchronized (lock) {
      stopped = true;
      release();
    }
  }

  @Override
  public boolean engaged() {
    synchronized (lock) {
      return auxiliaryContact ? conducting : commanded;
    }
  }

  @Override
  public boolean commanded() {
    synchronized (lock) {
      return commanded;
    }
  }

  /** Whether current can flow, whatever was commanded. */
  boolean conducts() {
    synchronized (lock) {
      return conducting;
    }
  }

  /** Releases, and refuses to engage again. */
  void fail() {
    synchronized (lock) {
      failed = true;
      release();
    }
  }

  private void open() {
    synchronized (lock) {
      opening = null;
      if (!commanded) {
        conduct(false);
      }
    }
  }

  private void conduct(boolean on) {
    conducting = on;
    switched.run();
  }
}
