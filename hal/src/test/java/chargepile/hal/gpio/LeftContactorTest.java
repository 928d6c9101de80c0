package chargepile.hal.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.HardwareException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeftContactorTest {
  private final FakeKernel kernel = FakeKernel.raspberryPi();

  @Test
  void theLineIsDrivenToTheLevelThatOpensAndGivenBack() {
    LeftContactor.release("", Pin.activeHigh(22), kernel);
    assertEquals(List.of("request contactor", "contactor low", "close contactor"), kernel.calls);
    assertTrue(kernel.descriptors.isEmpty(), "the chip is closed");
  }

  @Test
  void aLowLevelThatClosesIsLeftForAHighOne() {
    LeftContactor.release("", Pin.activeLow(22), kernel);
    assertEquals(List.of("request contactor", "contactor high", "close contactor"), kernel.calls);
  }

  @Test
  void aLineThatTheChipLacksIsToldOf() {
    HardwareException refused =
        assertThrows(
            HardwareException.class, () -> LeftContactor.release("", Pin.activeHigh(54), kernel));
    assertTrue(String.valueOf(refused.getMessage()).contains("GPIO 54 (contactor)"));
    assertTrue(kernel.descriptors.isEmpty());
  }
}
