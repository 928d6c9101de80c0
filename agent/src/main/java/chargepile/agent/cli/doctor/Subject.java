package chargepile.agent.cli.doctor;

import chargepile.agent.cli.run.PileDaemon;
import chargepile.agent.config.Config;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The pile that is looked at.
 *
 * @param file its configuration
 * @param daemon the process that holds its store, or that systemd runs where this user may not see
 *     the store; empty when there is none
 */
record Subject(Path file, Config config, Machine machine, OptionalLong daemon) {
  static Subject of(Path file, Config config, Machine machine) {
    Path folder = config.pile().dataDirectory();
    OptionalLong daemon =
        isHidden(folder)
            ? ServiceCheck.mainProcess(machine)
            : StoreHolder.of(machine, store(folder));
    return new Subject(file, config, machine, daemon);
  }

  /**
   * To be called before anything is said to be missing from the data directory.
   *
   * @throws AccessDeniedException when this user may not look into it
   */
  void requireVisible() throws AccessDeniedException {
    if (isHidden(folder())) {
      throw new AccessDeniedException(folder().toString());
    }
  }

  private static boolean isHidden(Path folder) {
    return Files.exists(folder) && !(Files.isReadable(folder) && Files.isExecutable(folder));
  }

  Path folder() {
    return config.pile().dataDirectory();
  }

  Path store() {
    return store(folder());
  }

  Path seed() {
    return folder().resolve("seed");
  }

  private static Path store(Path folder) {
    return folder.resolve(PileDaemon.STORE);
  }
}
