package chargepile.agent.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Moving database files as a whole, so that a new store can take the place of a damaged one. */
public final class SetAside {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** The database last: while it is missing and its log is there, no start makes a new one. */
  private static final List<String> PARTS = List.of("-shm", "-wal", "");

  private SetAside() {}

  /** Whether there is anything of a store. */
  public static boolean isThere(Path file) {
    return Files.exists(file) || Files.exists(sibling(file, "-wal"));
  }

  /**
   * Renames a store that nobody is using; nothing is deleted.
   *
   * @return the database's new name
   * @throws StoreException when another process has it, or it can't be renamed
   */
  public static Path rename(Path given, Instant at) {
    Path file = SqliteFile.canonical(given);
    Path aside = sibling(file, ".damaged-" + STAMP.format(at));
    StoreLock lock = StoreLock.take(file);
    try (lock) {
      for (String part : PARTS) {
        Path from = sibling(file, part);
        if (Files.exists(from)) {
          Files.move(from, sibling(aside, part), StandardCopyOption.ATOMIC_MOVE);
        }
      }
      sync(file);
    } catch (IOException e) {
      throw new StoreException(
          "%s can't be renamed to %s: %s. Nothing is lost: rename the rest by hand"
              .formatted(file, aside, e),
          e);
    }
    return aside;
  }

  /**
   * Gives a store that was made under another name, and closed, its name.
   *
   * @throws StoreException when something of that name is there
   */
  public static void install(Path made, Path given) {
    Path file = SqliteFile.canonical(given);
    StoreLock lock = StoreLock.take(file);
    try (lock) {
      if (isThere(file)) {
        throw new StoreException(file + " is there: it was left as it is");
      }
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
      sync(file);
      clear(made);
    } catch (IOException e) {
      throw new StoreException("%s can't be renamed to %s: %s".formatted(made, file, e), e);
    }
  }

  /** Removes what an interrupted attempt left under a name that no store ever has. */
  public static void clear(Path made) {
    try {
      for (String part : List.of("", "-wal", "-shm", ".lock", ".new")) {
        Files.deleteIfExists(sibling(made, part));
      }
    } catch (IOException e) {
      throw new StoreException("%s can't be cleared: %s".formatted(made, e), e);
    }
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel folder = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
