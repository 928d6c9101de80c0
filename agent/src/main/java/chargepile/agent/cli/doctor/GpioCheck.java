package chargepile.agent.cli.doctor;

import chargepile.agent.cli.run.Hardware;
import chargepile.agent.config.GpioSettings;
import chargepile.hal.HardwareException;
import chargepile.hal.gpio.PinSurvey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The GPIO chip and its lines: there, allowed, and free. No line is taken. */
final class GpioCheck implements Check {
  private static final String GROUP = "gpio";
  static final String PERMISSION =
      "cp systemd/udev/60-chargepile-gpio.rules /etc/udev/rules.d/ && udevadm trigger"
          + " --subsystem-match=gpio, and let the daemon's user be in the group gpio: usermod -aG"
          + " gpio chargepile";

  /** What the firmware of a Raspberry Pi reads, there on every system that boots on one. */
  private static final String FIRMWARE = "boot/firmware/config.txt";

  private static final Pattern STRICT =
      Pattern.compile(
          "^\\s*dtparam=(?:.*,)?strict_gpiod(?!=(?:off|0|no|false))", Pattern.MULTILINE);

  private final Subject subject;

  GpioCheck(Subject subject) {
    this.subject = subject;
  }

  /**
   * Who may use the chip's device.
   *
   * @param group that it belongs to
   * @param forGroup whether that may read and write it
   */
  record Access(String group, boolean forGroup) {}

  @Override
  public String name() {
    return "gpio";
  }

  @Override
  public List<Finding> look() throws IOException {
    GpioSettings gpio = subject.config().gpio();
    if (gpio.backend() == GpioSettings.Backend.SIMULATED) {
      return List.of(Finding.skipped("gpio.backend is \"simulated\": there are no lines"));
    }
    PinSurvey survey;
    try {
      survey = PinSurvey.of(Hardware.layout(gpio));
    } catch (HardwareException e) {
      return List.of(refused(String.valueOf(e.getMessage())));
    }
    List<Finding> findings = new ArrayList<>(judge(survey, subject.daemon()));
    if (subject.machine().isRoot()) {
      permission(survey.device(), access(Path.of(survey.device()))).ifPresent(findings::add);
    }
    Path firmware = subject.machine().at(FIRMWARE);
    if (Files.isReadable(firmware)) {
      kept(Files.readString(firmware)).ifPresent(findings::add);
    }
    return findings;
  }

  /** Whether lines stay driven when the program that drives them is killed. */
  static Optional<Finding> kept(String firmware) {
    return STRICT.matcher(firmware).find()
        ? Optional.empty()
        : Optional.of(
            Finding.warn(
                "Raspberry Pi OS keeps the contactor closed when the daemon is killed, until"
                    + " open-contactor or its next start",
                "put dtparam=strict_gpiod into /boot/firmware/config.txt and reboot"));
  }

  private static Access access(Path device) throws IOException {
    PosixFileAttributes attributes = Files.readAttributes(device, PosixFileAttributes.class);
    return new Access(
        attributes.group().getName(),
        attributes
            .permissions()
            .containsAll(List.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE)));
  }

  static Finding refused(String why) {
    return Finding.fail(
        why,
        why.contains("permission")
            ? PERMISSION
            : "see gpio.chip in the configuration; gpiodetect lists the chips");
  }

  /** What root may do says nothing of what the daemon may. */
  static Optional<Finding> permission(String device, Access access) {
    return access.group().equals(GROUP) && access.forGroup()
        ? Optional.empty()
        : Optional.of(
            Finding.warn(
                "%s is not for the group gpio to read and write, and the daemon is not root"
                    .formatted(device),
                PERMISSION));
  }

  static List<Finding> judge(PinSurvey survey, OptionalLong daemon) {
    List<Finding> findings = new ArrayList<>();
    int good = 0;
    for (PinSurvey.State pin : survey.pins()) {
      Optional<Finding> problem = problem(pin, survey.chip(), daemon.isPresent());
      problem.ifPresent(findings::add);
      good += problem.isEmpty() ? 1 : 0;
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              daemon.isPresent()
                  ? "%s: the daemon at work (process %d) has its %d lines"
                      .formatted(survey.chip(), daemon.getAsLong(), good)
                  : "%s: all %d lines are there and free".formatted(survey.chip(), good)));
    }
    return findings;
  }

  private static Optional<Finding> problem(PinSurvey.State pin, String chip, boolean daemon) {
    String line = "GPIO %d (%s)".formatted(pin.bcm(), pin.use());
    if (!pin.there()) {
      return Optional.of(
          Finding.fail(
              "%s is not on the chip %s".formatted(line, chip),
              "correct the pin in [gpio], or name another chip with gpio.chip"));
    }
    if (pin.holder().isEmpty()) {
      return daemon
          ? Optional.of(
              Finding.warn(
                  "%s is free although the daemon runs".formatted(line),
                  "restart the daemon: it was started with other pins"))
          : Optional.empty();
    }
    String holder = pin.holder().get();
    boolean own = daemon && holder.equals(pin.use());
    return own
        ? Optional.empty()
        : Optional.of(
            Finding.fail(
                "%s is in use by \"%s\"".formatted(line, holder),
                "stop that program, take out the overlay that claims the pin (/boot/firmware/"
                    + "config.txt), or choose another pin"));
  }
}
