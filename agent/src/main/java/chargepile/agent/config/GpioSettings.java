package chargepile.agent.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

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
}
