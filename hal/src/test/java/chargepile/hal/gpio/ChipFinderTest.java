package chargepile.hal.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.HardwareException;
import org.junit.jupiter.api.Test;

class ChipFinderTest {
  private final FakeKernel kernel = FakeKernel.raspberryPi();

  @Test
  void withoutANameTheHeaderOfAKnownPiIsFound() {
    try (Chip chip = ChipFinder.find(kernel, "")) {
      assertEquals("/dev/gpiochip1 (pinctrl-rp1, 54 lines)", chip.toString());
    }
    assertTrue(kernel.descriptors.isEmpty(), "the chips passed over are closed again");
  }

  @Test
  void aPathOverridesTheLabel() {
    try (Chip chip = ChipFinder.find(kernel, "/dev/gpiochip0")) {
      assertEquals("brcmvirt-gpio", chip.label());
    }
  }

  @Test
  void anUnknownLabelListsWhatIsThere() {
    HardwareException e =
        assertThrows(HardwareException.class, () -> ChipFinder.find(kernel, "pinctrl-xyz"));

    assertEquals(
        "no GPIO chip labelled pinctrl-xyz; found /dev/gpiochip0 (brcmvirt-gpio, 8 lines),"
            + " /dev/gpiochip1 (pinctrl-rp1, 54 lines); name one of these in the configuration",
        e.getMessage());
    assertTrue(kernel.descriptors.isEmpty());
  }

  @Test
  void anUnknownPathListsWhatIsThere() {
    HardwareException e =
        assertThrows(HardwareException.class, () -> ChipFinder.find(kernel, "/dev/gpiochip7"));

    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith("GPIO chip /dev/gpiochip7: no such device (ENOENT);"));
    assertTrue(
        String.valueOf(e.getMessage()).contains("found /dev/gpiochip0 (brcmvirt-gpio, 8 lines)"));
  }

  @Test
  void aMachineWithoutChipsIsAskedWhetherItIsAPi() {
    kernel.chips.clear();

    HardwareException e = assertThrows(HardwareException.class, () -> ChipFinder.find(kernel, ""));

    assertEquals(
        "no GPIO chip labelled pinctrl-bcm2711 or pinctrl-rp1 or pinctrl-bcm2835; this machine has"
            + " none (/dev/gpiochip*): is it a Raspberry Pi?",
        e.getMessage());
  }

  @Test
  void aMissingPermissionNamesGroupAndUdevRule() {
    kernel.openFailures.put("/dev/gpiochip1", KernelException.EACCES);

    for (String name : new String[] {"", "/dev/gpiochip1"}) {
      HardwareException e =
          assertThrows(HardwareException.class, () -> ChipFinder.find(kernel, name));
      assertTrue(String.valueOf(e.getMessage()).contains("permission denied"), e.getMessage());
      assertTrue(String.valueOf(e.getMessage()).contains("group gpio"), e.getMessage());
      assertTrue(String.valueOf(e.getMessage()).contains("udev"), e.getMessage());
    }
  }
}
