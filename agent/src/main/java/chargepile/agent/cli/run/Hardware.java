package chargepile.agent.cli.run;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.config.Config;
import chargepile.agent.config.GpioSettings;
import chargepile.agent.runtime.SystemTime;
import chargepile.agent.runtime.Time;
import chargepile.hal.PileHardware;
import chargepile.hal.gpio.PiHardware;
import chargepile.hal.gpio.Pin;
import chargepile.hal.gpio.PinLayout;
import java.nio.file.FileSystemException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the pile touches, and the clock of its time stamps.
 *
 * @param sessionEnded called, maybe more than once, when a session is over: a simulated car leaves
 *     then, and who drives a real one sees it
 * @param whole closes both
 */
public record Hardware(PileHardware ports, Time time, Runnable sessionEnded, AutoCloseable whole) {

  /** As configured. */
  static Hardware open(Config config) throws CommandFailedException, FileSystemException {
    return switch (config.gpio().backend()) {
      case PI -> pi(config.gpio());
      case SIMULATED -> SimulatedCars.open(config);
    };
  }

  private static Hardware pi(GpioSettings gpio) throws FileSystemException {
    PiHardware ports = PiHardware.open(layout(gpio));
    try {
      TakenContactor.note(gpio);
    } catch (FileSystemException e) {
      ports.close();
      throw e;
    }
    SystemTime time = new SystemTime();
    return new Hardware(
        ports,
        time,
        () -> {},
        () -> {
          ports.close();
          time.close();
        });
  }

  /** The configured pins. */
  public static PinLayout layout(GpioSettings gpio) {
    // S0 outputs are open collectors; an auxiliary contact closes to ground.
    return new PinLayout(
        gpio.chip().orElse(""),
        Pin.activeLow(gpio.importPin()),
        pin(gpio.exportPin(), true),
        contactor(gpio),
        pin(gpio.contactorReadbackPin(), true),
        new Pin(gpio.plugPin(), gpio.plugActiveLow()),
        pin(gpio.statusLightPin(), false),
        pin(gpio.overTemperaturePin(), gpio.overTemperatureActiveLow()));
  }

  static Pin contactor(GpioSettings gpio) {
    return new Pin(gpio.contactorPin(), gpio.contactorActiveLow());
  }

  private static @Nullable Pin pin(OptionalInt number, boolean activeLow) {
    return number.isPresent() ? new Pin(number.getAsInt(), activeLow) : null;
  }
}
