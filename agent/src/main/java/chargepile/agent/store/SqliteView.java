package chargepile.agent.store;

import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a store's tables. */
final class SqliteView implements StoreView {
  private static final List<String> TABLES =
      List.of(
          "channel",
          "revoked_commitment",
          "session",
          "registers",
          "outbox",
          "journal",
          "meta",
          "receipt",
          "settlement",
          "evm_transaction");

  private final Path file;
  private final Connection connection;

  SqliteView(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  @Override
  public Snapshot load() {
    return load(0);
  }

  /** As {@link #load()}, without the outbox entries up to {@code sent}. */
  Snapshot load(long sent) {
    return reading(
        "read the state",
        () ->
            new Snapshot(
                channelRows(),
                rows(
                    "SELECT id, r.commitment_number, bytes FROM revoked_commitment r"
                        + " JOIN channel ON key = channel ORDER BY key, r.commitment_number",
                    r ->
                        new RevokedCommitmentRow(
                            channelId(r.getBytes(1)), r.getLong(2), blob(r, 3))),
                rows("SELECT state, digest FROM session", this::session).stream().findFirst(),
                rows("SELECT import_mwh, export_mwh, digest FROM registers", this::registers)
                    .stream()
                    .findFirst()
                    .orElse(RegistersRow.ZERO),
                rows(
                    "SELECT sequence, destination, payload FROM outbox"
                        + " WHERE sequence > "
                        + sent
                        + " ORDER BY sequence, position",
                    r -> new StoredOutboxEntry(r.getLong(1), r.getString(2), blob(r, 3))),
                number("SELECT coalesce(max(sequence), 0) FROM journal"),
                meta()));
  }

  @Override
  public List<ChannelRow> channels() {
    return reading("read the channels", this::channelRows);
  }

  @Override
  public Optional<RevokedCommitmentRow> revoked(ChannelId channel, long commitmentNumber) {
    return reading(
        "read a revoked commitment",
        () -> {
          String sql =
              "SELECT bytes FROM revoked_commitment r JOIN channel ON key = channel"
                  + " WHERE id = ? AND r.commitment_number = ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setBytes(1, channel.value().toByteArray());
            statement.setLong(2, commitmentNumber);
            try (ResultSet result = statement.executeQuery()) {
              return result.next()
                  ? Optional.of(
                      new RevokedCommitmentRow(channel, commitmentNumber, blob(result, 1)))
                  : Optional.empty();
            }
          }
        });
  }

  @Override
  public List<JournalEntry> journal(long fromSequence, int limit) {
    return reading(
        "read the journal",
        () ->
            rows(
                """
                SELECT sequence, at_ms, event,
                  CASE typeof(channel)
                    WHEN 'integer' THEN (SELECT id FROM channel c WHERE c.key = journal.channel)
                    ELSE channel END,
                  commitment_number, text
                FROM journal WHERE sequence >= %d ORDER BY sequence LIMIT %d
                """
                    .formatted(fromSequence, Math.max(0, limit)),
                r -> {
                  byte[] channel = r.getBytes(4);
                  return new JournalEntry(
                      r.getLong(1),
                      new JournalNote(
                          Instant.ofEpochMilli(r.getLong(2)),
                          r.getString(3),
                          channel == null ? Optional.empty() : Optional.of(channelId(channel)),
                          r.getLong(5),
                          r.getString(6)));
                }));
  }

  @Override
  public List<ReceiptRow> receipts() {
    return reading("read the receipts", () -> rows(ReceiptSql.SELECT, ReceiptSql::read));
  }

  @Override
  public List<SettlementRow> settlements() {
    return reading(
        "read the settlement certificates", () -> rows(SettlementSql.SELECT, SettlementSql::read));
  }

  @Override
  public List<EvmTransactionRow> evmTransactions() {
    return reading(
        "read the transactions for the EVM chain",
        () -> rows(EvmTransactionSql.SELECT, r -> EvmTransactionSql.read(file, r)));
  }

  @Override
  public StoreSize size() {
    return reading(
        "measure the store",
        () -> {
          Map<String, Long> counts = new LinkedHashMap<>();
          for (String table : TABLES) {
            counts.put(table, number("SELECT count(*) FROM " + table));
          }
          return new StoreSize(bytes(file), bytes(SqliteFile.wal(file)), counts);
        });
  }

  /** The key of each stored channel. */
  Map<ChannelId, Long> keys() {
    return reading(
        "read the channels",
        () -> {
          Map<ChannelId, Long> keys = new LinkedHashMap<>();
          try (Statement statement = connection.createStatement();
              ResultSet result = statement.executeQuery("SELECT id, key FROM channel")) {
            while (result.next()) {
              keys.put(channelId(result.getBytes(1)), result.getLong(2));
            }
          }
          return keys;
        });
  }

  /** The number of the oldest journal row; {@code otherwise} when there is none. */
  long oldestJournalSequence(long otherwise) {
    return reading(
        "read the journal",
        () -> number("SELECT coalesce(min(sequence), " + otherwise + ") FROM journal"));
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "close the store", e);
    }
  }

  private List<ChannelRow> channelRows() throws SQLException {
    return rows(
        "SELECT id, peer, stage, commitment_number, local_msat, remote_msat, capacity_sat, state,"
            + " remote_signed, remote_signed_digest, local_stored, revoked, digest FROM channel"
            + " ORDER BY key",
        this::channel);
  }

  private ChannelRow channel(ResultSet r) throws SQLException {
    ChannelRow row =
        new ChannelRow(
            channelId(r.getBytes(1)),
            new ByteVector(r.getBytes(2)),
            r.getString(3),
            r.getLong(4),
            r.getLong(5),
            r.getLong(6),
            r.getLong(7),
            blob(r, 8),
            new SigningMarks(r.getLong(9), blob(r, 10), r.getLong(11), r.getLong(12)));
    RowDigest.check(file, "channel " + row.id(), blob(r, 13), () -> RowDigest.of(row));
    return row;
  }

  private byte[] session(ResultSet r) throws SQLException {
    byte[] state = blob(r, 1);
    RowDigest.check(file, "the session", blob(r, 2), () -> RowDigest.of(state));
    return state;
  }

  private RegistersRow registers(ResultSet r) throws SQLException {
    RegistersRow row = new RegistersRow(r.getLong(1), r.getLong(2));
    RowDigest.check(file, "what the meter's registers say", blob(r, 3), () -> RowDigest.of(row));
    return row;
  }

  private Map<String, String> meta() throws SQLException {
    Map<String, String> meta = new LinkedHashMap<>();
    rows("SELECT key, value FROM meta", r -> meta.put(r.getString(1), r.getString(2)));
    return meta;
  }

  private static ChannelId channelId(byte[] bytes) {
    return new ChannelId(new ByteVector32(bytes));
  }

  /** A blob that is not NULL in the table: the driver may say null for an empty one. */
  private static byte[] blob(ResultSet result, int column) throws SQLException {
    byte[] bytes = result.getBytes(column);
    return bytes == null ? new byte[0] : bytes;
  }

  static long bytes(Path path) {
    try {
      return Files.exists(path) ? Files.size(path) : 0;
    } catch (IOException e) {
      throw new StoreException("%s can't be measured: %s".formatted(path, e), e);
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.getLong(1);
    }
  }

  private <T> List<T> rows(String sql, RowReader<T> reader) throws SQLException {
    List<T> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        rows.add(reader.read(result));
      }
    }
    return rows;
  }

  /** Runs {@code query} in one read transaction, so that all its parts see the same commit. */
  private <T> T reading(String task, Query<T> query) {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("BEGIN");
      try {
        return query.run();
      } finally {
        statement.executeUpdate("COMMIT");
      }
    } catch (SQLException e) {
      throw SqliteFailure.of(file, task, e);
    } catch (IllegalArgumentException e) {
      throw SqliteFailure.damaged(file, String.valueOf(e.getMessage()), e);
    }
  }

  private interface RowReader<T> {
    T read(ResultSet result) throws SQLException;
  }

  private interface Query<T> {
    T run() throws SQLException;
  }
}
