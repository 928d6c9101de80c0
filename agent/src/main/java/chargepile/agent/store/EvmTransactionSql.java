package chargepile.agent.store;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Transactions for an EVM chain as rows of their table. */
final class EvmTransactionSql {
  /** A nonce that is used for two things would be refused here too. */
  static final String TABLE =
      """
      CREATE TABLE evm_transaction (
        key TEXT PRIMARY KEY,
        nonce INTEGER NOT NULL UNIQUE CHECK (nonce >= 0),
        bytes BLOB NOT NULL,
        digest BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
      """;

  static final String PUT =
      "INSERT INTO evm_transaction (key, nonce, bytes, digest) VALUES (?, ?, ?, ?)"
          + " ON CONFLICT (key) DO UPDATE SET nonce = excluded.nonce, bytes = excluded.bytes,"
          + " digest = excluded.digest";

  static final String REMOVE = "DELETE FROM evm_transaction WHERE key = ?";

  static final String SELECT =
      "SELECT key, nonce, bytes, digest FROM evm_transaction ORDER BY nonce";

  private EvmTransactionSql() {}

  static void write(PreparedStatement statement, EvmTransactionRow row) throws SQLException {
    statement.setString(1, row.key());
    statement.setLong(2, row.nonce());
    statement.setBytes(3, row.bytes());
    statement.setBytes(4, RowDigest.of(row));
    statement.executeUpdate();
  }

  static EvmTransactionRow read(Path file, ResultSet result) throws SQLException {
    EvmTransactionRow row =
        new EvmTransactionRow(result.getString(1), result.getLong(2), result.getBytes(3));
    RowDigest.check(
        file,
        "the transaction %s with the nonce %d".formatted(row.key(), row.nonce()),
        result.getBytes(4),
        () -> RowDigest.of(row));
    return row;
  }
}
