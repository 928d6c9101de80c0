package chargepile.hal.gpio;

import chargepile.hal.HardwareException;

/** The contactor of a program that is gone, whose line the kernel may have left as it was. */
public final class LeftContactor {
  private LeftContactor() {}

  /**
   * Takes the line, drives it to the level that opens the contactor, and gives it back.
   *
   * @param chip as in {@link PinLayout#chip()}
   * @throws HardwareException when the chip or the line can't be had
   */
  public static void release(String chip, Pin contactor) {
    release(chip, contactor, new LinuxKernel());
  }

  static void release(String chip, Pin contactor, Kernel kernel) {
    boolean off = contactor.activeLow();
    try (Chip found = ChipFinder.find(kernel, chip);
        Line coil = found.request(new LineRequest.Output(contactor.bcm(), "contactor", off))) {
      coil.drive(off);
    }
  }
}
