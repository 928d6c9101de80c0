package chargepile.hal.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.HardwareException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PinSurveyTest {
  private final FakeKernel kernel = FakeKernel.raspberryPi();

  private static PinLayout layout(int plug) {
    return new PinLayout(
        "", Pin.activeLow(17), null, Pin.activeHigh(22), null, Pin.activeLow(plug), null);
  }

  private static PinSurvey.State free(String use, int bcm) {
    return new PinSurvey.State(use, bcm, true, Optional.empty());
  }

  @Test
  void freePinsAreSeenAndNotTaken() {
    PinSurvey seen = PinSurvey.of(layout(23), kernel);
    assertEquals("/dev/gpiochip1", seen.device());
    assertEquals(
        List.of(free("import pulses", 17), free("contactor", 22), free("plug", 23)), seen.pins());
    assertEquals(List.of(), kernel.calls);
    assertTrue(kernel.descriptors.isEmpty(), "the chip is closed");
  }

  @Test
  void everyPinOfTheLayoutIsSeen() {
    PinLayout whole =
        new PinLayout(
            "",
            Pin.activeLow(17),
            Pin.activeLow(18),
            Pin.activeHigh(22),
            Pin.activeLow(24),
            Pin.activeLow(23),
            Pin.activeHigh(25),
            Pin.activeHigh(27));
    assertEquals(
        List.of(
            free("import pulses", 17),
            free("export pulses", 18),
            free("contactor", 22),
            free("contactor readback", 24),
            free("plug", 23),
            free("light", 25),
            free("over-temperature", 27)),
        PinSurvey.of(whole, kernel).pins());
  }

  @Test
  void aPinThatTheChipLacksIsSeen() {
    assertEquals(
        new PinSurvey.State("plug", 54, false, Optional.empty()),
        PinSurvey.of(layout(54), kernel).pins().getLast());
  }

  @Test
  void whoHoldsAPinIsSeenBesideHim() {
    try (PiHardware pile = PiHardware.open(layout(23), kernel)) {
      int before = kernel.calls.size();
      assertEquals(
          Optional.of("contactor"), PinSurvey.of(layout(23), kernel).pins().get(1).holder());
      assertEquals(before, kernel.calls.size());
      pile.contactor().release();
    }
  }

  @Test
  void withoutPermissionItSaysWhatToDo() {
    kernel.openFailures.put("/dev/gpiochip1", KernelException.EACCES);
    HardwareException refused =
        assertThrows(HardwareException.class, () -> PinSurvey.of(layout(23), kernel));
    assertTrue(String.valueOf(refused.getMessage()).contains("group gpio"), refused.getMessage());
  }
}
