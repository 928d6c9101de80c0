package chargepile.agent.store;

import chargepile.agent.units.ChannelId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The store in an SQLite file: write-ahead log, {@code synchronous=FULL}, so a commit is one append
 * and one sync. {@code <file>-wal} and {@code <file>-shm} belong to the database; {@code
 * <file>.lock} says who writes.
 */
public final class SqliteStore implements Store {
  /** Journal rows kept when the opener does not say. */
  public static final int DEFAULT_JOURNAL_ROWS = 100_000;

  /** Pages after which the log is folded back into the database: 4 MB of log. */
  private static final int CHECKPOINT_PAGES = 1_000;

  private static final int WAL_BYTES_KEPT = CHECKPOINT_PAGES * 4_096;
  private static final int LARGEST_PRUNING = 256;

  private final Path file;
  private final StoreLock lock;
  private final Connection connection;
  private final SqliteView view;
  private final SqliteTransactions transactions;
  private final LastCommitted last;
  private final Map<ChannelId, Long> keys;
  private final int journalRows;
  private final boolean cutOff;
  private long oldestJournalRow;
  private long sent;
  private long removed;
  private boolean closed;

  private SqliteStore(
      Path file, StoreLock lock, Connection connection, int journalRows, boolean cutOff)
      throws SQLException {
    this.file = file;
    this.lock = lock;
    this.connection = connection;
    this.journalRows = journalRows;
    this.cutOff = cutOff;
    view = new SqliteView(file, connection);
    transactions = new SqliteTransactions(file, connection);
    last = new LastCommitted(view.load());
    keys = new HashMap<>(view.keys());
    oldestJournalRow = view.oldestJournalSequence(1);
  }

  /** As {@link #open(Path, int)} with {@link #DEFAULT_JOURNAL_ROWS}. */
  public static SqliteStore open(Path file) {
    return open(file, DEFAULT_JOURNAL_ROWS);
  }

  /**
   * Opens the store in {@code file} for writing; makes a new one where there is none. The directory
   * must exist.
   *
   * @param journalRows journal rows kept, at least 1; older ones are pruned
   * @throws StoreException when another process has it, when it is damaged, of another program or
   *     of a newer version of this one
   */
  public static SqliteStore open(Path file, int journalRows) {
    return open(file, journalRows, SqliteSchema.CURRENT);
  }

  static SqliteStore open(Path given, int journalRows, SqliteSchema schema) {
    if (journalRows < 1) {
      throw new IllegalArgumentException("journal rows below 1: " + journalRows);
    }
    Path file = SqliteFile.canonical(given);
    StoreLock lock = StoreLock.take(file);
    try {
      if (!Files.exists(file)) {
        SqliteFile.create(file, schema);
      }
      SqliteFile.requireOurs(file);
      return openLocked(file, lock, journalRows, schema);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static SqliteStore openLocked(
      Path file, StoreLock lock, int journalRows, SqliteSchema schema) {
    // A store that is closed folds its log into the database and leaves it empty.
    boolean cutOff = SqliteView.bytes(SqliteFile.wal(file)) > 0;
    try {
      Connection connection = SqliteFile.openForWriting(file);
      try {
        quickCheck(file, connection);
        schema.requireNotNewer(file, SqliteSchema.versionOf(connection));
        setUp(connection);
        schema.migrate(file, connection);
        return new SqliteStore(file, lock, connection, journalRows, cutOff);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "open the store", e);
    }
  }

  /**
   * Opens the store in {@code file} for reading, beside a daemon that writes or without one.
   *
   * @throws StoreException when there is no such store, or one of another schema version
   */
  public static StoreView openReadOnly(Path given) {
    Path file = SqliteFile.canonical(given);
    SqliteFile.requireOurs(file);
    try {
      Connection connection = SqliteFile.openForReading(file);
      try {
        int version = SqliteSchema.versionOf(connection);
        SqliteSchema.CURRENT.requireNotNewer(file, version);
        if (version < SqliteSchema.CURRENT.version()) {
          throw new StoreException(
              ("%s has the older schema version %d: start the agent on it once, which brings it"
                      + " to %d")
                  .formatted(file, version, SqliteSchema.CURRENT.version()));
        }
        return new SqliteView(file, connection);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "open the store for reading", e);
    }
  }

  /**
   * Looks through all pages of a store; reads only.
   *
   * @throws DamagedStoreException when one is damaged
   */
  public static void requireSound(Path given) {
    Path file = SqliteFile.canonical(given);
    SqliteFile.requireOurs(file);
    try (Connection connection = SqliteFile.openForReading(file)) {
      quickCheck(file, connection);
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "check the store", e);
    }
  }

  /**
   * As {@link #requireSound}, and that every index agrees with its table; slower, and reads only.
   *
   * @throws DamagedStoreException when any of it is damaged
   */
  public static void requireIntact(Path given) {
    Path file = SqliteFile.canonical(given);
    SqliteFile.requireOurs(file);
    try (Connection connection = SqliteFile.openForReading(file)) {
      check(file, connection, "integrity_check");
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "check the store", e);
    }
  }

  private static void quickCheck(Path file, Connection connection) throws SQLException {
    check(file, connection, "quick_check");
  }

  private static void check(Path file, Connection connection, String how) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA %s(1)".formatted(how))) {
      String verdict = result.getString(1);
      if (!verdict.equals("ok")) {
        throw SqliteFailure.damaged(file, verdict, null);
      }
    }
  }

  private static void setUp(Connection connection) throws SQLException {
    for (String pragma :
        List.of(
            "journal_mode = WAL",
            "wal_autocheckpoint = " + CHECKPOINT_PAGES,
            "journal_size_limit = " + WAL_BYTES_KEPT)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA " + pragma);
      }
    }
  }

  /**
   * Whether the last writer ended without closing the store: killed, without power, or after a
   * failure of the disk. What it had committed is there.
   */
  public boolean cutOff() {
    return cutOff;
  }

  @Override
  public synchronized Snapshot load() {
    return view.load(sent);
  }

  @Override
  public synchronized long commit(Commit next) {
    last.check(next);
    long sequence = last.sequence() + 1;
    long keepFrom = keepFrom(sequence);
    Map<ChannelId, Long> fresh = new HashMap<>();
    transactions.run(
        "store commit " + sequence,
        statements -> {
          if (sent > removed) {
            statements.removeSent(sent);
          }
          fresh.putAll(statements.write(next, sequence, keys));
          if (keepFrom > oldestJournalRow) {
            statements.pruneJournalBefore(keepFrom);
          }
        });
    keys.putAll(fresh);
    removed = sent;
    oldestJournalRow = keepFrom;
    last.apply(next, sequence);
    return sequence;
  }

  /** The oldest journal row to keep when {@code newest} is written; pruning goes in batches. */
  private long keepFrom(long newest) {
    long rows = newest - oldestJournalRow + 1;
    if (rows <= journalRows) {
      return oldestJournalRow;
    }
    int batch = Math.clamp(journalRows / 10, 1, LARGEST_PRUNING);
    return newest - journalRows + batch;
  }

  @Override
  public synchronized void sent(long outboxSequence) {
    last.checkSent(outboxSequence);
    sent = Math.max(sent, outboxSequence);
  }

  @Override
  public synchronized Optional<RevokedCommitmentRow> revoked(
      ChannelId channel, long commitmentNumber) {
    return view.revoked(channel, commitmentNumber);
  }

  @Override
  public synchronized List<JournalEntry> journal(long fromSequence, int limit) {
    return view.journal(fromSequence, limit);
  }

  @Override
  public synchronized List<ReceiptRow> receipts() {
    return view.receipts();
  }

  @Override
  public synchronized List<SettlementRow> settlements() {
    return view.settlements();
  }

  @Override
  public synchronized List<EvmTransactionRow> evmTransactions() {
    return view.evmTransactions();
  }

  @Override
  public synchronized void putEvmTransaction(EvmTransactionRow row) {
    transactions.run(
        "store the transaction %s with the nonce %d".formatted(row.key(), row.nonce()),
        statements -> statements.putEvmTransaction(row));
  }

  @Override
  public synchronized void removeEvmTransaction(String key) {
    transactions.run(
        "drop the transaction " + key, statements -> statements.removeEvmTransaction(key));
  }

  @Override
  public synchronized StoreSize size() {
    return view.size();
  }

  @Override
  public synchronized void putMeta(String key, String value) {
    transactions.run(
        "store " + key,
        statements -> {
          if (!statements.putMeta(key, value)) {
            throw new StoreException(
                ("%s has another %s than \"%s\" already: it is the store of another node or"
                        + " network; give this one a store of its own")
                    .formatted(file, key, value));
          }
        });
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (lock;
        view) {
      if (transactions.trusted() && sent > removed) {
        transactions.run("empty the outbox", statements -> statements.removeSent(sent));
      }
      transactions.close();
      if (transactions.trusted()) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "close the store", e);
    }
  }

  /** For tests that limit what SQLite may use. */
  Connection connection() {
    return connection;
  }
}
