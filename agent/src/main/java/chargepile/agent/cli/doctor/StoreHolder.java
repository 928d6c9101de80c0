package chargepile.agent.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which process holds a store's lock, as the kernel tells it: to try the lock would keep a daemon
 * from it that starts at that moment.
 */
final class StoreHolder {
  private static final Pattern BLANK = Pattern.compile("\\s+");

  private StoreHolder() {}

  /** Empty also when it can't be seen. */
  static OptionalLong of(Machine machine, Path store) {
    Path lock = store.resolveSibling(store.getFileName() + ".lock");
    try (Stream<String> locks = Files.lines(machine.at("proc/locks"))) {
      String inode = String.valueOf(Files.getAttribute(lock, "unix:ino"));
      String owner = Files.readString(lock).strip();
      return locks
          .filter(line -> holds(line, inode, owner))
          .findFirst()
          .map(line -> OptionalLong.of(Long.parseLong(owner)))
          .orElseGet(OptionalLong::empty);
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty(); // no lock file yet, or not for this user's eyes
    }
  }

  /** {@code 1: POSIX ADVISORY WRITE 4711 08:02:1234 0 EOF}; proc_locks(5). */
  static boolean holds(String line, String inode, String owner) {
    String[] fields = BLANK.split(line.strip(), -1);
    return fields.length >= 6 && fields[4].equals(owner) && fields[5].endsWith(":" + inode);
  }
}
