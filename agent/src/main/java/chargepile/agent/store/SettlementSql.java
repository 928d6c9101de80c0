package chargepile.agent.store;

import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Settlement certificates as rows of their table. */
final class SettlementSql {
  static final String TABLE =
      """
      CREATE TABLE settlement (
        key INTEGER PRIMARY KEY,
        session BLOB NOT NULL CHECK (length(session) = 16),
        direction TEXT NOT NULL,
        signed BLOB NOT NULL,
        UNIQUE (session, direction)
      ) STRICT;
      """;

  static final String INSERT =
      "INSERT INTO settlement (session, direction, signed) VALUES (?, ?, ?)"
          + " ON CONFLICT (session, direction) DO NOTHING";

  static final String SELECT = "SELECT session, direction, signed FROM settlement ORDER BY key";

  private SettlementSql() {}

  static void write(PreparedStatement statement, SettlementRow row) throws SQLException {
    statement.setBytes(1, row.session().value().toByteArray());
    statement.setString(2, row.direction().name());
    statement.setBytes(3, row.signed().toByteArray());
    statement.executeUpdate();
  }

  static SettlementRow read(ResultSet result) throws SQLException {
    return new SettlementRow(
        new SessionId(new ByteVector(result.getBytes(1))),
        Direction.valueOf(result.getString(2)),
        new ByteVector(result.getBytes(3)));
  }
}
