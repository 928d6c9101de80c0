package chargepile.hal.vm;

import static chargepile.hal.vm.Report.check;
import static chargepile.hal.vm.Report.contains;

import chargepile.hal.HardwareException;
import chargepile.hal.gpio.PiHardware;
import chargepile.hal.gpio.PinLayout;

/** Lines that cannot be had: what is said to whom must mend it. */
final class AccessScenarios {
  private AccessScenarios() {}

  static String busyLine(GpioSim sim) {
    try (PiHardware first = Pile.open()) {
      first.contactor().engage();
      String refusal = refusal(Pile.layout("", Pile.CONTACTOR, null));
      contains(refusal, "GPIO 27 (contactor)", "in use by \"contactor\"", "stop that program");
      check(sim.high(Pile.CONTACTOR), "the refused program moved the line");
      return refusal;
    }
  }

  static String kernelsLine(GpioSim sim) {
    String refusal = refusal(Pile.layout("", Pile.HOGGED, null));
    contains(refusal, "GPIO 4 (contactor)", "in use by \"onewire\"", "overlay");
    return refusal;
  }

  static String missingPin(GpioSim sim) {
    String refusal = refusal(Pile.layout("", 99, null));
    contains(refusal, "GPIO 99 (contactor)", "lines 0 to 53", "correct the pin");
    return refusal;
  }

  static String missingChip(GpioSim sim) {
    String refusal = refusal(Pile.layout("pinctrl-rp1", Pile.CONTACTOR, null));
    contains(refusal, "no GPIO chip labelled pinctrl-rp1", "(pinctrl-bcm2711, 54 lines)");
    String path = refusal(Pile.layout("/dev/gpiochip9", Pile.CONTACTOR, null));
    contains(path, "/dev/gpiochip9", "no such device", "(pinctrl-bcm2711, 54 lines)");
    return refusal;
  }

  static String nothingStaysTaken(GpioSim sim) {
    refusal(Pile.layout("", Pile.CONTACTOR, Pile.HOGGED));
    try (PiHardware again = Pile.open()) {
      check(!again.contactor().engaged(), "engaged");
    }
    return "a refusal at the second line gave the first one back";
  }

  static String noPermission(GpioSim sim) {
    sim.permit("root", "rw-------");
    String refusal = Child.refused();
    sim.permitByRule();
    contains(refusal, "permission denied", "group gpio", GpioSim.RULE.getFileName().toString());
    return refusal;
  }

  private static String refusal(PinLayout layout) {
    try (PiHardware pile = PiHardware.open(layout)) {
      throw new AssertionError("opened: " + pile);
    } catch (HardwareException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
