package chargepile.hal.vm;

import static chargepile.hal.vm.Report.check;
import static chargepile.hal.vm.Report.contains;

import chargepile.hal.HardwareException;
import chargepile.hal.gpio.PiHardware;
import chargepile.hal.gpio.PinLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines that cannot be had: what is said to whom must mend it. */
final class AccessScenarios {
  private static final Path RULE = Path.of("/app/60-chargepile-gpio.rules");
  private static final Pattern OWNER =
      Pattern.compile("GROUP=\"(\\w+)\".*MODE=\"0(\\d)(\\d)(\\d)\"");

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
    owner(sim, "root", 6, 0, 0);
    String refusal = Child.openedByUser();
    contains(refusal, "permission denied", "group gpio", RULE.getFileName().toString());
    return refusal;
  }

  /** The user is in the group gpio; the rule is the one that is installed. */
  static String udevRule(GpioSim sim) {
    Matcher rule = OWNER.matcher(read(RULE));
    check(rule.find(), "no group and mode in %s", RULE);
    owner(
        sim,
        rule.group(1),
        Integer.parseInt(rule.group(2)),
        Integer.parseInt(rule.group(3)),
        Integer.parseInt(rule.group(4)));
    String said = Child.openedByUser();
    check(said.equals("opened"), "the user in the group gpio got: %s", said);
    return "a user in the group gpio opens the chip with the rule's group and mode";
  }

  private static String refusal(PinLayout layout) {
    try (PiHardware pile = PiHardware.open(layout)) {
      throw new AssertionError("opened: " + pile);
    } catch (HardwareException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void owner(GpioSim sim, String group, int user, int members, int others) {
    try {
      Path device = sim.device();
      GroupPrincipal principal =
          device.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
      PosixFileAttributeView view =
          Files.getFileAttributeView(device, PosixFileAttributeView.class);
      view.setGroup(principal);
      Set<PosixFilePermission> all = EnumSet.noneOf(PosixFilePermission.class);
      int mode = user << 6 | members << 3 | others;
      PosixFilePermission[] bits = PosixFilePermission.values();
      for (int i = 0; i < bits.length; i++) {
        if ((mode >> (bits.length - 1 - i) & 1) != 0) {
          all.add(bits[i]);
        }
      }
      view.setPermissions(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
