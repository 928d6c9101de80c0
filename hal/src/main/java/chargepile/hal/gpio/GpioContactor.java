package chargepile.hal.gpio;

import chargepile.hal.Contactor;
import chargepile.hal.HardwareException;
import chargepile.hal.HardwareStoppedException;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalOutput;
import org.jspecify.annotations.Nullable;

/** A contactor's coil on an output and, if wired, its auxiliary contact on an input. */
final class GpioContactor implements Contactor, AutoCloseable {
  private final DigitalOutput coil;
  private final @Nullable DigitalInput auxiliary;
  private boolean closed;
  private boolean failed;
  private boolean stopped;

  GpioContactor(DigitalOutput coil, @Nullable DigitalInput auxiliary) {
    this.coil = coil;
    this.auxiliary = auxiliary;
  }

  @Override
  public synchronized void engage() {
    if (closed) {
      throw new HardwareException("the contactor stays open: the hardware is shut down");
    }
    if (failed) {
      throw new HardwareException(
          "the contactor stays open: the pile cannot read its lines; restart the agent once they"
              + " are mended");
    }
    if (stopped) {
      throw new HardwareStoppedException();
    }
    coil.on();
  }

  @Override
  public synchronized void release() {
    if (!closed) {
      coil.off();
    }
  }

  @Override
  public synchronized void releaseForGood() {
    stopped = true;
    release();
  }

  @Override
  public synchronized boolean engaged() {
    if (closed) {
      return false;
    }
    return auxiliary == null ? coil.isOn() : auxiliary.isOn();
  }

  @Override
  public synchronized boolean commanded() {
    return !closed && coil.isOn();
  }

  /** Releases, and refuses to engage again. */
  synchronized void fail() {
    failed = true;
    release();
  }

  /** Releases for good, and leaves the line alone from then on. */
  @Override
  public synchronized void close() {
    releaseForGood();
    closed = true;
  }
}
