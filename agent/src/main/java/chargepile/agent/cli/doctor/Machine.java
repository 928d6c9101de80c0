package chargepile.agent.cli.doctor;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * The machine that is looked at.
 *
 * @param root where {@code proc}, {@code sys} and {@code run} are
 * @param user whose eyes these are
 */
record Machine(Path root, String user, InstantSource clock) {
  static Machine own() {
    return new Machine(
        Path.of("/"), System.getProperty("user.name", "unknown"), InstantSource.system());
  }

  Path at(String path) {
    return root.resolve(path);
  }

  /** Root may do everything, so what others may do must be read from the permissions. */
  boolean isRoot() {
    return user.equals("root");
  }
}
