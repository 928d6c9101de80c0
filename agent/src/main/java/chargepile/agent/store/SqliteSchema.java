package chargepile.agent.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables, as the steps that lead from one schema version to the next: step 1 makes an empty
 * database version 1. A published step is never changed; a new version is a new step.
 *
 * @param steps SQL scripts in order; their number is the version of this program
 */
record SqliteSchema(List<String> steps) {
  /** Names the file type in the database header: {@code CPil} in ASCII. */
  static final int APPLICATION_ID = 0x4350696C;

  private static final String VERSION_1 =
      """
      CREATE TABLE channel (
        key INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
        peer BLOB NOT NULL CHECK (length(peer) = 33),
        stage TEXT NOT NULL,
        commitment_number INTEGER NOT NULL CHECK (commitment_number >= 0),
        local_msat INTEGER NOT NULL CHECK (local_msat >= 0),
        remote_msat INTEGER NOT NULL CHECK (remote_msat >= 0),
        capacity_sat INTEGER NOT NULL CHECK (capacity_sat >= 0),
        remote_signed INTEGER NOT NULL,
        remote_signed_digest BLOB NOT NULL,
        local_stored INTEGER NOT NULL,
        revoked INTEGER NOT NULL CHECK (revoked = -1 OR revoked < local_stored),
        state BLOB NOT NULL
      ) STRICT;
      CREATE TABLE revoked_commitment (
        channel INTEGER NOT NULL REFERENCES channel (key),
        commitment_number INTEGER NOT NULL CHECK (commitment_number >= 0),
        bytes BLOB NOT NULL,
        PRIMARY KEY (channel, commitment_number)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE session (
        key INTEGER PRIMARY KEY CHECK (key = 1),
        state BLOB NOT NULL
      ) STRICT;
      CREATE TABLE registers (
        key INTEGER PRIMARY KEY CHECK (key = 1),
        import_mwh INTEGER NOT NULL CHECK (import_mwh >= 0),
        export_mwh INTEGER NOT NULL CHECK (export_mwh >= 0),
        carry BLOB NOT NULL
      ) STRICT;
      CREATE TABLE outbox (
        sequence INTEGER NOT NULL, -- of the journal
        position INTEGER NOT NULL,
        destination TEXT NOT NULL,
        payload BLOB NOT NULL,
        PRIMARY KEY (sequence, position)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE journal (
        sequence INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL, -- Unix time
        event TEXT NOT NULL,
        channel ANY, -- the key of a stored channel (short), else the 32-byte id
        commitment_number INTEGER NOT NULL,
        text TEXT NOT NULL
      ) STRICT;
      CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      """;

  /** What a pulse leaves over is part of the session's state. */
  private static final String WITHOUT_CARRY = "ALTER TABLE registers DROP COLUMN carry";

  /** See {@link RowDigest}; empty in rows of before. */
  private static final String DIGESTS =
      """
      ALTER TABLE channel ADD COLUMN digest BLOB NOT NULL DEFAULT x'';
      ALTER TABLE session ADD COLUMN digest BLOB NOT NULL DEFAULT x'';
      ALTER TABLE registers ADD COLUMN digest BLOB NOT NULL DEFAULT x'';
      """;

  /** The schema of this program. */
  static final SqliteSchema CURRENT =
      new SqliteSchema(
          List.of(
              VERSION_1,
              ReceiptSql.TABLE,
              WITHOUT_CARRY,
              DIGESTS,
              ReceiptSql.METER_KEY,
              SettlementSql.TABLE,
              EvmTransactionSql.TABLE));

  SqliteSchema {
    steps = List.copyOf(steps);
  }

  int version() {
    return steps.size();
  }

  static int versionOf(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA user_version")) {
      return result.getInt(1);
    }
  }

  /** Brings the database to this version, in one transaction; refuses one from the future. */
  void migrate(Path file, Connection connection) throws SQLException {
    int found = versionOf(connection);
    requireNotNewer(file, found);
    if (found == version()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("BEGIN EXCLUSIVE");
      try {
        for (String step : steps.subList(found, version())) {
          statement.executeUpdate(step);
        }
        statement.executeUpdate("PRAGMA user_version = " + version());
        statement.executeUpdate("COMMIT");
      } catch (SQLException e) {
        SqliteTransactions.rollback(statement, e);
        throw e;
      }
    }
  }

  void requireNotNewer(Path file, int found) {
    if (found > version()) {
      throw new StoreException(
          ("%s has schema version %d, this program knows versions up to %d: install the newer"
                  + " program. The file was not changed")
              .formatted(file, found, version()));
    }
  }
}
