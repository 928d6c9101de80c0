package chargepile.agent.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What an SQLite error means to the person who must act. */
final class SqliteFailure {
  private static final int PRIMARY_CODE = 0xff;

  /** What SQLite's index of the log grows by: with less free every write fails. */
  private static final long LITTLE_BYTES = 32 * 1024;

  private static final String FULL =
      "The disk is full: free some space. What was stored before is intact";

  private SqliteFailure() {}

  static StoreException of(Path file, String task, SQLException cause) {
    if (isDamage(cause)) {
      return damaged(file, String.valueOf(cause.getMessage()), cause);
    }
    return new StoreException(
        "%s: could not %s: %s. %s".formatted(file, task, cause.getMessage(), advice(file, cause)),
        cause);
  }

  /**
   * Whether the file can't be trusted to take further commits: after a failed write or sync the
   * kernel may report the next one as fine although the first is lost.
   */
  static boolean endsTrust(SQLException cause) {
    return switch (primary(cause)) {
      case SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY -> true;
      default -> false;
    };
  }

  /** The file is damaged; {@code detail} is what SQLite says about it. */
  static StoreException damaged(Path file, String detail, @Nullable Throwable cause) {
    String what = "%s is damaged: %s".formatted(file, detail.replaceAll("\\s+", " "));
    return cause == null ? new DamagedStoreException(what) : new DamagedStoreException(what, cause);
  }

  private static boolean isDamage(SQLException cause) {
    return switch (primary(cause)) {
      case SQLITE_CORRUPT, SQLITE_NOTADB -> true;
      default -> false;
    };
  }

  private static String advice(Path file, SQLException cause) {
    return switch (primary(cause)) {
      case SQLITE_FULL -> FULL;
      case SQLITE_BUSY, SQLITE_LOCKED ->
          "Another program holds the database: end it. What was stored before is intact";
      case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY ->
          "Check that this user may write the file and its directory";
      case SQLITE_IOERR ->
          isFull(file)
              ? FULL
              : "The disk failed: check the kernel's log and the medium, then start again";
      default -> "What was stored before is intact";
    };
  }

  /** Not every write tells SQLite that it failed for want of room. */
  private static boolean isFull(Path file) {
    try {
      return Files.getFileStore(file.toAbsolutePath().resolveSibling(".")).getUsableSpace()
          < LITTLE_BYTES;
    } catch (IOException e) {
      return false; // a disk that can't tell has failed
    }
  }

  private static SQLiteErrorCode primary(SQLException cause) {
    return cause instanceof SQLiteException sqlite
        ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY_CODE)
        : SQLiteErrorCode.UNKNOWN_ERROR;
  }
}
