package chargepile.hal.vm;

import chargepile.hal.gpio.PiHardware;
import chargepile.hal.gpio.Pin;
import chargepile.hal.gpio.PinLayout;
import org.jspecify.annotations.Nullable;

/** How the pile of these tests is wired. */
final class Pile {
  static final int IMPORT = 17;
  static final int EXPORT = 22;
  static final int CONTACTOR = 27;
  static final int READBACK = 23;
  static final int PLUG = 24;
  static final int LIGHT = 25;

  /** Held by the kernel itself, as an overlay does. */
  static final int HOGGED = 4;

  private Pile() {}

  /** The chip is found by its label, as on a Raspberry Pi. */
  static PiHardware open() {
    return open(CONTACTOR, READBACK);
  }

  static PiHardware open(int contactor, @Nullable Integer readback) {
    return PiHardware.open(layout("", contactor, readback));
  }

  static PinLayout layout(String chip, int contactor, @Nullable Integer readback) {
    return new PinLayout(
        chip,
        Pin.activeLow(IMPORT),
        Pin.activeLow(EXPORT),
        Pin.activeHigh(contactor),
        readback == null ? null : Pin.activeLow(readback),
        Pin.activeLow(PLUG),
        Pin.activeHigh(LIGHT));
  }
}
