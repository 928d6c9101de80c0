package chargepile.agent.store;

import chargepile.agent.units.ChannelId;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;

/** Receipts as rows of their table. */
final class ReceiptSql {
  private static final String COLUMNS =
      "session, peer, channel, commitment_number, begun_ms, ended_ms, reason, tariff,"
          + " import_msat_per_kwh, export_msat_per_kwh, msat_per_minute, import_mwh, import_ms,"
          + " import_msat, export_mwh, export_ms, export_msat, metered_import_mwh,"
          + " metered_export_mwh, meter_record, meter_key";

  static final String TABLE =
      """
      CREATE TABLE receipt (
        key INTEGER PRIMARY KEY,
        session BLOB NOT NULL UNIQUE CHECK (length(session) = 16),
        peer BLOB NOT NULL CHECK (length(peer) = 33),
        channel BLOB NOT NULL CHECK (length(channel) = 32),
        commitment_number INTEGER NOT NULL CHECK (commitment_number >= 0),
        begun_ms INTEGER NOT NULL, -- Unix time
        ended_ms INTEGER NOT NULL,
        reason TEXT NOT NULL,
        tariff INTEGER NOT NULL,
        import_msat_per_kwh INTEGER NOT NULL,
        export_msat_per_kwh INTEGER NOT NULL,
        msat_per_minute INTEGER NOT NULL,
        import_mwh INTEGER NOT NULL CHECK (import_mwh >= 0), -- paid for
        import_ms INTEGER NOT NULL CHECK (import_ms >= 0),
        import_msat INTEGER NOT NULL CHECK (import_msat >= 0),
        export_mwh INTEGER NOT NULL CHECK (export_mwh >= 0),
        export_ms INTEGER NOT NULL CHECK (export_ms >= 0),
        export_msat INTEGER NOT NULL CHECK (export_msat >= 0),
        metered_import_mwh INTEGER, -- NULL without the pile's account
        metered_export_mwh INTEGER,
        meter_record BLOB NOT NULL
      ) STRICT;
      """;

  /** What the records are verified with; receipts from before have none. */
  static final String METER_KEY =
      "ALTER TABLE receipt ADD COLUMN meter_key BLOB NOT NULL DEFAULT x''"
          + " CHECK (length(meter_key) IN (0, 33))";

  /** The first receipt of a session stays, unless the next one has the pile's account. */
  static final String INSERT =
      "INSERT INTO receipt ("
          + COLUMNS
          + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
          + " ON CONFLICT (session) DO UPDATE SET ended_ms = excluded.ended_ms,"
          + " reason = excluded.reason, metered_import_mwh = excluded.metered_import_mwh,"
          + " metered_export_mwh = excluded.metered_export_mwh, meter_record ="
          + " excluded.meter_record WHERE excluded.metered_import_mwh IS NOT NULL";

  static final String SELECT = "SELECT " + COLUMNS + " FROM receipt ORDER BY key";

  private ReceiptSql() {}

  static void write(PreparedStatement statement, ReceiptRow row) throws SQLException {
    statement.setBytes(1, row.session().value().toByteArray());
    statement.setBytes(2, row.peer().toByteArray());
    statement.setBytes(3, row.channel().value().toByteArray());
    statement.setLong(4, row.commitmentNumber());
    statement.setLong(5, row.begun().toEpochMilli());
    statement.setLong(6, row.ended().toEpochMilli());
    statement.setString(7, row.reason());
    statement.setLong(8, row.tariff().id());
    statement.setLong(9, row.tariff().importMsatPerKwh());
    statement.setLong(10, row.tariff().exportMsatPerKwh());
    statement.setLong(11, row.tariff().msatPerMinute());
    write(statement, 12, row.imported());
    write(statement, 15, row.exported());
    if (row.metered().isPresent()) {
      statement.setLong(18, row.metered().get().importMwh());
      statement.setLong(19, row.metered().get().exportMwh());
    } else {
      statement.setNull(18, Types.INTEGER);
      statement.setNull(19, Types.INTEGER);
    }
    statement.setBytes(20, row.meterRecord().toByteArray());
    statement.setBytes(21, row.meterKey().toByteArray());
    statement.executeUpdate();
  }

  private static void write(PreparedStatement statement, int column, ReceiptRow.Paid paid)
      throws SQLException {
    statement.setLong(column, paid.energyMwh());
    statement.setLong(column + 1, paid.durationMs());
    statement.setLong(column + 2, paid.msat());
  }

  static ReceiptRow read(ResultSet result) throws SQLException {
    long importMwh = result.getLong(18);
    Optional<ReceiptRow.Metered> metered =
        result.wasNull()
            ? Optional.empty()
            : Optional.of(new ReceiptRow.Metered(importMwh, result.getLong(19)));
    return new ReceiptRow(
        new SessionId(new ByteVector(result.getBytes(1))),
        new ByteVector(result.getBytes(2)),
        new ChannelId(new ByteVector32(result.getBytes(3))),
        result.getLong(4),
        Instant.ofEpochMilli(result.getLong(5)),
        Instant.ofEpochMilli(result.getLong(6)),
        result.getString(7),
        new ReceiptRow.Prices(
            result.getLong(8), result.getLong(9), result.getLong(10), result.getLong(11)),
        paid(result, 12),
        paid(result, 15),
        metered,
        vector(result, 21),
        vector(result, 20));
  }

  /** The driver may say null for an empty blob. */
  private static ByteVector vector(ResultSet result, int column) throws SQLException {
    byte[] bytes = result.getBytes(column);
    return bytes == null ? ByteVector.empty : new ByteVector(bytes);
  }

  private static ReceiptRow.Paid paid(ResultSet result, int column) throws SQLException {
    return new ReceiptRow.Paid(
        result.getLong(column), result.getLong(column + 1), result.getLong(column + 2));
  }
}
