package chargepile.agent.cli.run;

import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.Config;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.GpioSettings;
import chargepile.agent.config.LogLevel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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
  @Mixin private CommonOptions common;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The pile's configuration.")
  private Path file;

  @Override
  public Integer call() throws Exception {
    Config config = ConfigFile.load(file);
    common.applyTo(LogLevel.WARN);
    release(config);
    return 0;
  }

  private static void release(Config config) throws Exception {
    if (config.gpio().backend() == GpioSettings.Backend.SIMULATED) {
      return; // its contactor has gone with the process
    }
    Hardware hardware = Hardware.open(config);
    AutoCloseable lines = hardware.whole();
    try {
      hardware.ports().contactor().release();
    } finally {
      lines.close();
    }
  }
}
