package chargepile.hal.gpio;

import chargepile.hal.HardwareException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of a layout's pins without taking any of them: also beside a program that holds
 * them.
 *
 * @param device path of the chip
 * @param chip path, label and number of lines, for messages
 */
public record PinSurvey(String device, String chip, List<State> pins) {
  /**
   * A pin.
   *
   * @param use as {@link PiHardware} names it to the kernel: {@code import pulses}
   * @param there whether the chip has it
   * @param holder who holds it; empty when it is free
   */
  public record State(String use, int bcm, boolean there, Optional<String> holder) {}

  public PinSurvey {
    pins = List.copyOf(pins);
  }

  /**
   * Looks.
   *
   * @throws HardwareException when the chip can't be had, with what to do
   */
  public static PinSurvey of(PinLayout layout) {
    return of(layout, new LinuxKernel());
  }

  static PinSurvey of(PinLayout layout, Kernel kernel) {
    try (Chip chip = ChipFinder.find(kernel, layout.chip())) {
      List<State> pins = new ArrayList<>();
      look(chip, layout.importPulses(), "import pulses", pins);
      look(chip, layout.exportPulses(), "export pulses", pins);
      look(chip, layout.contactor(), "contactor", pins);
      look(chip, layout.contactorReadback(), "contactor readback", pins);
      look(chip, layout.plug(), "plug", pins);
      look(chip, layout.light(), "light", pins);
      look(chip, layout.overTemperature(), "over-temperature", pins);
      return new PinSurvey(chip.path(), chip.toString(), pins);
    }
  }

  private static void look(Chip chip, @Nullable Pin pin, String use, List<State> pins) {
    if (pin == null) {
      return;
    }
    if (!chip.has(pin.bcm())) {
      pins.add(new State(use, pin.bcm(), false, Optional.empty()));
      return;
    }
    try {
      Uapi.LineDescription line = chip.look(pin.bcm());
      boolean held = line.used() || !line.consumer().isEmpty();
      pins.add(new State(use, pin.bcm(), true, held ? Optional.of(name(line)) : Optional.empty()));
    } catch (KernelException e) {
      throw new HardwareException(
          "GPIO %d (%s) on %s: %s".formatted(pin.bcm(), use, chip, e.reason()), e);
    }
  }

  private static String name(Uapi.LineDescription line) {
    return line.consumer().isEmpty() ? "a user that gave no name" : line.consumer();
  }
}
