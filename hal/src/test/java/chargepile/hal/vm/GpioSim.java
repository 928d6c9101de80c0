package chargepile.hal.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A chip of the kernel's gpio-sim: what is wired to the lines from outside. A line that nobody
 * drives follows its pull; the kernel raises its edges as those of a real pin.
 */
final class GpioSim implements AutoCloseable {
  /** The rule that is installed on a pile. */
  static final Path RULE = Path.of("/app/60-chargepile-gpio.rules");

  private static final Pattern OWNER = Pattern.compile("GROUP=\"(\\w+)\".*MODE=\"0660\"");
  private static final Path CONFIG = Path.of("/config/gpio-sim");

  private final Path config;
  private final Path lines;
  private final Path device;

  private GpioSim(Path config) {
    this.config = config;
    String chip = read(config.resolve("bank0/chip_name"));
    this.device = Path.of("/dev", chip);
    this.lines =
        Path.of("/sys/devices/platform").resolve(read(config.resolve("dev_name"))).resolve(chip);
  }

  /** The header of a Raspberry Pi 4, with a line that the kernel itself holds. */
  static GpioSim raspberryPi(int hogged, String hogName) {
    Path config = CONFIG.resolve("pile");
    Path line = config.resolve("bank0/line" + hogged);
    Path hog = line.resolve("hog");
    make(config);
    make(config.resolve("bank0"));
    write(config.resolve("bank0/num_lines"), "54");
    write(config.resolve("bank0/label"), "pinctrl-bcm2711");
    make(line);
    make(hog);
    write(hog.resolve("name"), hogName);
    write(hog.resolve("direction"), "input");
    write(config.resolve("live"), "1");
    return new GpioSim(config);
  }

  /** Gives the device to the group and mode that the udev rule says. */
  void permitByRule() {
    Matcher rule = OWNER.matcher(read(RULE));
    Report.check(rule.find(), "no group and mode 0660 in %s", RULE);
    permit(rule.group(1), "rw-rw----");
  }

  /** Gives the device to a group. */
  void permit(String group, String mode) {
    try {
      PosixFileAttributeView view =
          Files.getFileAttributeView(device, PosixFileAttributeView.class);
      view.setGroup(
          device.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
      view.setPermissions(PosixFilePermissions.fromString(mode));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Moves a line from outside. */
  void pull(int line, boolean high) {
    write(lines.resolve("sim_gpio" + line + "/pull"), high ? "pull-up" : "pull-down");
  }

  /** The voltage of a line, as a meter on the pin would show it. */
  boolean high(int line) {
    return read(lines.resolve("sim_gpio" + line + "/value")).equals("1");
  }

  /** The chip vanishes. */
  @Override
  public void close() {
    write(config.resolve("live"), "0");
  }

  private static void make(Path folder) {
    try {
      Files.createDirectory(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
