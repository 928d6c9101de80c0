package chargepile.agent.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * The database file before SQLite touches it: where it is, whether it is ours, how a new one comes
 * to be.
 */
final class SqliteFile {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 100;
  private static final int APPLICATION_ID_OFFSET = 68;
  private static final int BUSY_TIMEOUT_MS = 5_000;

  private SqliteFile() {}

  /** One name for one file, whatever links lead to it. */
  static Path canonical(Path file) {
    try {
      if (Files.exists(file)) {
        return file.toRealPath();
      }
      Path absolute = file.toAbsolutePath().normalize();
      Path directory = absolute.getParent();
      if (directory == null || Files.isSymbolicLink(absolute)) {
        throw new StoreException(file + " can't be a database file: give the path of a file");
      }
      return directory.toRealPath().resolve(absolute.getFileName());
    } catch (IOException e) {
      throw new StoreException(
          "%s: the directory can't be used: %s. Create it, or give another path".formatted(file, e),
          e);
    }
  }

  static Path wal(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  /**
   * Reads the header, so that a foreign or damaged file is told apart before SQLite could write to
   * it (it would turn a foreign database to WAL, or drop the log of one that was cut to nothing).
   */
  static void requireOurs(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new StoreException(
          Files.exists(file, LinkOption.NOFOLLOW_LINKS)
              ? file + " is not a file: give the path of a chargepile database"
              : file + " does not exist: give the path of a chargepile database");
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (header.hasRemaining() && channel.read(header) >= 0) {
        // a short read is legal; go on to the end of the header or of the file
      }
    } catch (IOException e) {
      throw new StoreException("%s can't be read: %s".formatted(file, e), e);
    }
    if (header.hasRemaining()) {
      throw SqliteFailure.damaged(file, "it has only %d bytes".formatted(header.position()), null);
    }
    if (!Arrays.equals(Arrays.copyOf(header.array(), MAGIC.length), MAGIC)
        || header.getInt(APPLICATION_ID_OFFSET) != SqliteSchema.APPLICATION_ID) {
      throw new ForeignFileException(
          file
              + " is not a chargepile database: give another path, or move the file away. If it was"
              + " one, it is damaged. It was not changed");
    }
  }

  /**
   * Makes a new database under another name and renames it, so that a file that bears the name is
   * always a whole one and an empty file is always a damage.
   */
  static void create(Path file, SqliteSchema schema) {
    if (Files.exists(wal(file))) {
      throw new StoreException(
          ("%s is missing, but its log %s is there: put the database back, or move the log away"
                  + " if both shall go")
              .formatted(file, wal(file)));
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      Files.deleteIfExists(file.resolveSibling(fresh.getFileName() + "-journal"));
      if (Files.getFileStore(file.resolveSibling(".")).supportsFileAttributeView("posix")) {
        Files.createFile(
            fresh,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      SQLiteConfig config = common();
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
      try (Connection connection = connect(fresh, config);
          Statement statement = connection.createStatement()) {
        statement.executeUpdate("PRAGMA application_id = " + SqliteSchema.APPLICATION_ID);
        schema.migrate(fresh, connection);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel directory =
          FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new StoreException(
          "%s can't be created: %s. Check the directory's rights and space".formatted(file, e), e);
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "create the database", e);
    }
  }

  static Connection openForWriting(Path file) throws SQLException {
    SQLiteConfig config = common();
    config.enforceForeignKeys(true);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    return connect(file, config);
  }

  static Connection openForReading(Path file) throws SQLException {
    SQLiteConfig config = common();
    config.setReadOnly(true);
    return connect(file, config);
  }

  private static SQLiteConfig common() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MS);
    return config;
  }

  private static Connection connect(Path file, SQLiteConfig config) throws SQLException {
    Properties properties = config.toProperties();
    // as a URI, because a question mark in a plain path would start the driver's parameters
    return JDBC.createConnection(JDBC.PREFIX + file.toUri(), properties);
  }
}
