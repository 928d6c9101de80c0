package chargepile.hal.gpio;

import chargepile.hal.HardwareException;
import java.util.ArrayList;
import java.util.List;

/** Finds the chip of the pin header: by path, by label, or the header of a known Raspberry Pi. */
final class ChipFinder {
  /** Raspberry Pi 4 and 5; and the older ones. */
  static final List<String> HEADER_LABELS =
      List.of("pinctrl-bcm2711", "pinctrl-rp1", "pinctrl-bcm2835");

  private static final String PERMISSION =
      "add the user that runs the pile to the group gpio; where the chips are not that group's,"
          + " install the udev rule 60-chargepile-gpio.rules (GROUP=\"gpio\", MODE=\"0660\")";

  private final Kernel kernel;
  private final List<String> found = new ArrayList<>();
  private boolean denied;

  private ChipFinder(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Opens a chip.
   *
   * @param name a path that starts with a slash, a label, or empty for a Raspberry Pi's header
   * @throws HardwareException with the chips that are there, when it is not among them
   */
  static Chip find(Kernel kernel, String name) {
    ChipFinder finder = new ChipFinder(kernel);
    return name.startsWith("/") ? finder.byPath(name) : finder.byLabel(name);
  }

  private Chip byPath(String path) {
    try {
      return Chip.open(kernel, path);
    } catch (KernelException e) {
      if (e.denied()) {
        throw new HardwareException("GPIO chip " + path + ": permission denied; " + PERMISSION, e);
      }
      look();
      throw new HardwareException("GPIO chip " + path + ": " + e.reason() + "; " + there(), e);
    }
  }

  private Chip byLabel(String name) {
    List<String> labels = name.isEmpty() ? HEADER_LABELS : List.of(name);
    for (String path : kernel.chips()) {
      try {
        Chip chip = Chip.open(kernel, path);
        if (labels.contains(chip.label())) {
          return chip;
        }
        found.add(chip.toString());
        chip.close();
      } catch (KernelException e) {
        note(path, e);
      }
    }
    throw new HardwareException(
        "no GPIO chip labelled " + String.join(" or ", labels) + "; " + there());
  }

  private void look() {
    for (String path : kernel.chips()) {
      try (Chip chip = Chip.open(kernel, path)) {
        found.add(chip.toString());
      } catch (KernelException e) {
        note(path, e);
      }
    }
  }

  private void note(String path, KernelException e) {
    found.add(path + " (" + e.reason() + ")");
    denied |= e.denied();
  }

  private String there() {
    if (found.isEmpty()) {
      return "this machine has none (/dev/gpiochip*): is it a Raspberry Pi?";
    }
    String next = denied ? PERMISSION : "name one of these in the configuration";
    return "found " + String.join(", ", found) + "; " + next;
  }
}
