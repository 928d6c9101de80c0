package chargepile.agent.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What is wired where. Pins are line numbers of the chip, which on a Raspberry Pi are the BCM
 * numbers.
 *
 * @param chip label or device of the GPIO chip; empty to look for the header's chip by its label
 * @param importPin the meter's pulse output for energy into the car
 * @param exportPin its output for energy out of the car; empty when the pile can't feed back
 * @param contactorReadbackPin the contactor's auxiliary contact; empty when none is wired
 * @param contactorActiveLow whether a low level closes the contactor
 * @param plugActiveLow whether a low level means that the car is plugged in
 * @param statusLightPin empty when there is none
 * @param overTemperaturePin a contact that opens when it is too hot; empty when there is none
 * @param overTemperatureActiveLow whether a low level means that it is too hot
 * @param traceFile what a simulated car draws; empty for the built-in car
 */
public record GpioSettings(
    Backend backend,
    Optional<String> chip,
    int importPin,
    OptionalInt exportPin,
    int contactorPin,
    boolean contactorActiveLow,
    OptionalInt contactorReadbackPin,
    int plugPin,
    boolean plugActiveLow,
    OptionalInt statusLightPin,
    OptionalInt overTemperaturePin,
    boolean overTemperatureActiveLow,
    Optional<Path> traceFile) {
  /** What stands behind the hardware ports. */
  public enum Backend {
    /** Nothing: edges come from a script or a trace. */
    SIMULATED,
    /** The Linux GPIO character device of a Raspberry Pi. */
    PI
  }

  private static final Pattern TEXT = Pattern.compile("[^\\p{Cntrl}]{1,1024}");
  private static final int LAST_PIN = 511;

  /**
   * Reads them.
   *
   * @param paths makes a path of what is written
   */
  static GpioSettings read(Section gpio, Function<String, Path> paths) {
    return new GpioSettings(
        gpio.choice("backend", Backend.PI),
        gpio.optionalText("chip", TEXT, "a chip's label or device, such as \"pinctrl-rp1\""),
        pin(gpio, "import_pin", 17),
        optionalPin(gpio, "export_pin", "no energy is taken back"),
        pin(gpio, "contactor_pin", 22),
        gpio.bool("contactor_active_low", false),
        optionalPin(gpio, "contactor_readback_pin", "the commanded state is believed"),
        pin(gpio, "plug_pin", 23),
        gpio.bool("plug_active_low", true),
        optionalPin(gpio, "status_light_pin", "no light"),
        optionalPin(gpio, "over_temperature_pin", "the temperature is not watched"),
        gpio.bool("over_temperature_active_low", false),
        gpio.optionalText("trace_file", TEXT, "a file").map(paths));
  }

  private static int pin(Section gpio, String key, int preset) {
    return (int) gpio.integer(key, preset, 0, LAST_PIN);
  }

  private static OptionalInt optionalPin(Section gpio, String key, String whenAbsent) {
    OptionalLong pin = gpio.optionalInteger(key, 0, LAST_PIN, whenAbsent);
    return pin.isPresent() ? OptionalInt.of((int) pin.getAsLong()) : OptionalInt.empty();
  }
}
