package chargepile.agent.cli.doctor;

import chargepile.agent.cli.run.PileDaemon;
import chargepile.agent.config.Config;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The pile that is looked at.
 *
 * @param file its configuration
 * @param daemon the process that holds its store; empty when none does
 */
record Subject(Path file, Config config, Machine machine, OptionalLong daemon) {
  static Subject of(Path file, Config config, Machine machine) {
    return new Subject(
        file, config, machine, StoreHolder.of(machine, store(config.pile().dataDirectory())));
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
