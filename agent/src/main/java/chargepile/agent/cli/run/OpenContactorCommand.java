package chargepile.agent.cli.run;

import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.GpioFile;
import chargepile.agent.config.GpioSettings;
import chargepile.agent.config.LogLevel;
import chargepile.hal.gpio.LeftContactor;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code chargepile open-contactor}: what a daemon that was killed could not do any more. */
@Command(
    name = "open-contactor",
    sortOptions = false,
    description = {
      "Open the contactor, when the daemon does not run: after a kill the kernel may leave its line"
          + " as it was.",
      "The service does so each time the daemon has ended."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class OpenContactorCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(OpenContactorCommand.class);

  @Mixin private CommonOptions common;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description =
          "The pile's configuration, of which only [gpio] must be in order; where the service's"
              + " daemon has noted the line that it took, that one is opened.")
  private Path file;

  @Override
  public Integer call() throws Exception {
    common.applyTo(LogLevel.WARN);
    GpioSettings gpio = wiring();
    if (gpio.backend() != GpioSettings.Backend.SIMULATED) { // that has gone with its process
      LeftContactor.release(gpio.chip().orElse(""), Hardware.contactor(gpio));
    }
    return 0;
  }

  /** As the daemon took it; else as configured. */
  private GpioSettings wiring() throws ConfigException {
    try {
      Optional<GpioSettings> noted = TakenContactor.noted();
      if (noted.isPresent()) {
        return noted.get();
      }
    } catch (ConfigException e) {
      LOG.warn("{}; the line is that of {}", e.getMessage(), file);
    }
    return GpioFile.load(file);
  }
}
