package chargepile.agent.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory of its own for the stores of a test. */
final class SqliteMedium implements StoreContract.Medium {
  private static final long NO_LIMIT = 0xfffffffeL;

  private final Path root;
  private Path directory;
  private int cuts;

  SqliteMedium() {
    try {
      root = Files.createTempDirectory("chargepile-store");
      directory = Files.createDirectory(root.resolve("0"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file() {
    return directory.resolve("pile.db");
  }

  @Override
  public SqliteStore open(int journalRows) {
    return SqliteStore.open(file(), journalRows);
  }

  SqliteStore open() {
    return SqliteStore.open(file());
  }

  /** Takes the files as they are while the store is open, which is what a kill would leave. */
  @Override
  public Store powerCut(Store running, int journalRows) {
    try {
      Path next = Files.createDirectory(root.resolve(String.valueOf(++cuts)));
      for (String name : List.of("pile.db", "pile.db-wal")) {
        Files.copy(directory.resolve(name), next.resolve(name));
      }
      running.close();
      directory = next;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return open(journalRows);
  }

  @Override
  public void full(Store running, boolean full) {
    try (Statement statement = ((SqliteStore) running).connection().createStatement()) {
      long pages;
      try (ResultSet count = statement.executeQuery("PRAGMA page_count")) {
        pages = count.getLong(1);
      }
      statement.execute("PRAGMA max_page_count = " + (full ? pages : NO_LIMIT));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
