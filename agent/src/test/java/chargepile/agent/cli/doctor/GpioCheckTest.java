package chargepile.agent.cli.doctor;

import static chargepile.agent.cli.doctor.Findings.assertFinding;
import static chargepile.agent.cli.doctor.Verdict.FAIL;
import static chargepile.agent.cli.doctor.Verdict.OK;
import static chargepile.agent.cli.doctor.Verdict.WARN;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.gpio.PinSurvey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lines that are there, free, and allowed. */
class GpioCheckTest {
  private List<Finding> judge(OptionalLong daemon, PinSurvey.State... pins) {
    return GpioCheck.judge(new PinSurvey("/dev/g", "/dev/g (pinctrl)", List.of(pins)), daemon);
  }

  private PinSurvey.State pin(boolean there, @Nullable String holder) {
    return new PinSurvey.State("contactor", 22, there, Optional.ofNullable(holder));
  }

  @Test
  void freeLinesAreFine() {
    assertFinding(
        OK,
        "all 1 lines are there and free",
        judge(OptionalLong.empty(), pin(true, null)).getFirst());
  }

  @Test
  void aPinThatTheChipLacksFails() {
    assertFinding(
        FAIL,
        "GPIO 22 (contactor) is not on the chip",
        judge(OptionalLong.empty(), pin(false, null)).getFirst());
  }

  @Test
  void aLineThatAnotherHoldsFails() {
    assertFinding(
        FAIL, "in use by \"fan\"", judge(OptionalLong.empty(), pin(true, "fan")).getFirst());
    assertFinding(
        FAIL, "in use by \"fan\"", judge(OptionalLong.of(7), pin(true, "fan")).getFirst());
  }

  @Test
  void theDaemonsOwnLinesAreExpectedToBeBusy() {
    assertFinding(
        OK,
        "the daemon at work (process 7)",
        judge(OptionalLong.of(7), pin(true, "contactor")).getFirst());
    assertFinding(FAIL, "in use", judge(OptionalLong.empty(), pin(true, "contactor")).getFirst());
    assertFinding(WARN, "is free although", judge(OptionalLong.of(7), pin(true, null)).getFirst());
  }

  @Test
  void permissionNamesTheRuleAndTheGroup() {
    Finding refused = GpioCheck.refused("GPIO chip /dev/g: permission denied");
    assertFinding(FAIL, "denied", refused);
    assertTrue(refused.advice().contains("60-chargepile-gpio.rules"));
    assertTrue(refused.advice().contains("usermod -aG gpio"));
    assertFalse(GpioCheck.permission("/dev/g", new GpioCheck.Access("root", true)).isEmpty());
    assertFalse(GpioCheck.permission("/dev/g", new GpioCheck.Access("gpio", false)).isEmpty());
    assertTrue(GpioCheck.permission("/dev/g", new GpioCheck.Access("gpio", true)).isEmpty());
  }

  @Test
  void firmwareThatKeepsLinesDrivenIsAWarning() {
    assertFinding(WARN, "keeps the contactor closed", GpioCheck.kept("").orElseThrow());
    assertFinding(
        WARN,
        "keeps the contactor closed",
        GpioCheck.kept("#dtparam=strict_gpiod\ndtparam=strict_gpiod=off\n").orElseThrow());
    assertTrue(GpioCheck.kept("[all]\ndtparam=strict_gpiod\n").isEmpty());
    assertTrue(GpioCheck.kept("dtparam=audio=on,strict_gpiod=on\n").isEmpty());
  }
}
