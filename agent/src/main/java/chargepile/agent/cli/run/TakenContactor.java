package chargepile.agent.cli.run;

import chargepile.agent.cli.node.DurableFile;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.GpioFile;
import chargepile.agent.config.GpioSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The contactor's line as the daemon has taken it, in a file beside the configuration, which may be
 * edited under the running daemon: after its end this tells which line is to be opened. The file is
 * in the folder that systemd makes for one run of the service and its {@code ExecStopPost=}
 * (systemd.exec(5), RuntimeDirectory); without such a folder there is none.
 */
final class TakenContactor {
  private static final String FILE = "contactor.toml";

  private TakenContactor() {}

  /** To be called before the contactor is closed for the first time. */
  static void note(GpioSettings gpio) throws FileSystemException {
    Optional<Path> file = file();
    if (file.isPresent()) {
      DurableFile.write(file.get(), GpioFile.contactor(gpio).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What was noted; empty when no daemon has taken the line in this run of the service. */
  static Optional<GpioSettings> noted() throws ConfigException {
    Optional<Path> file = file().filter(Files::exists);
    return file.isPresent() ? Optional.of(GpioFile.load(file.get())) : Optional.empty();
  }

  private static Optional<Path> file() {
    // More than one folder are parted by colons; the service has one.
    return Optional.ofNullable(System.getenv("RUNTIME_DIRECTORY"))
        .map(folders -> Path.of(folders.split(":", 2)[0], FILE));
  }
}
