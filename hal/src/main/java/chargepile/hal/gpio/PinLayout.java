package chargepile.hal.gpio;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which pin of the Raspberry Pi goes where.
 *
 * @param chip path ({@code /dev/gpiochip0}) or label ({@code pinctrl-rp1}) of the GPIO chip; empty
 *     finds the header of any known Raspberry Pi
 * @param importPulses S0 output of the import register; an open collector is active low
 * @param exportPulses S0 output of the export register, null when the meter has none
 * @param contactor drives the contactor's coil; the board must hold it off while nobody drives it
 * @param contactorReadback auxiliary contact, null when not wired
 * @param plug on when a car is plugged in
 * @param light status light, null when there is none
 * @param overTemperature on when the pile is too hot, null when not wired; its pull is towards on,
 *     so that a broken wire is too hot as well
 */
public record PinLayout(
    String chip,
    Pin importPulses,
    @Nullable Pin exportPulses,
    Pin contactor,
    @Nullable Pin contactorReadback,
    Pin plug,
    @Nullable Pin light,
    @Nullable Pin overTemperature) {

  /**
   * Refuses a pin that is used twice.
   *
   * @throws IllegalArgumentException naming the pin and both uses
   */
  public PinLayout {
    Map<Integer, String> uses = new LinkedHashMap<>();
    claim(uses, importPulses, "import pulses");
    claim(uses, exportPulses, "export pulses");
    claim(uses, contactor, "contactor");
    claim(uses, contactorReadback, "contactor readback");
    claim(uses, plug, "plug");
    claim(uses, light, "light");
    claim(uses, overTemperature, "over-temperature");
  }

  /** Without an over-temperature input. */
  public PinLayout(
      String chip,
      Pin importPulses,
      @Nullable Pin exportPulses,
      Pin contactor,
      @Nullable Pin contactorReadback,
      Pin plug,
      @Nullable Pin light) {
    this(chip, importPulses, exportPulses, contactor, contactorReadback, plug, light, null);
  }

  private static void claim(Map<Integer, String> uses, @Nullable Pin pin, String use) {
    if (pin == null) {
      return;
    }
    String other = uses.putIfAbsent(pin.bcm(), use);
    if (other != null) {
      throw new IllegalArgumentException(
          "GPIO " + pin.bcm() + " is set for " + other + " and for " + use + "; choose two pins");
    }
  }
}
