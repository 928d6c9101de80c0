package chargepile.agent.store;

import chargepile.agent.units.ChannelId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The prepared statements that write a commit, inside a transaction that the caller begins and
 * ends.
 */
final class CommitStatements implements AutoCloseable {
  private final List<PreparedStatement> all = new ArrayList<>();
  private final PreparedStatement insertChannel;
  private final PreparedStatement updateChannel;
  private final PreparedStatement revoked;
  private final PreparedStatement session;
  private final PreparedStatement registers;
  private final PreparedStatement outbox;
  private final PreparedStatement removeSent;
  private final PreparedStatement journal;
  private final PreparedStatement prune;
  private final PreparedStatement meta;
  private final PreparedStatement receipt;
  private final PreparedStatement settlement;
  private final PreparedStatement putEvmTransaction;
  private final PreparedStatement removeEvmTransaction;

  CommitStatements(Connection connection) throws SQLException {
    insertChannel =
        prepare(
            connection,
            "INSERT INTO channel (peer, stage, commitment_number, local_msat, remote_msat,"
                + " capacity_sat, remote_signed, remote_signed_digest, local_stored, revoked,"
                + " state, digest, key, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    updateChannel =
        prepare(
            connection,
            "UPDATE channel SET peer = ?, stage = ?, commitment_number = ?, local_msat = ?,"
                + " remote_msat = ?, capacity_sat = ?, remote_signed = ?, remote_signed_digest = ?,"
                + " local_stored = ?, revoked = ?, state = ?, digest = ? WHERE key = ? AND id = ?");
    revoked =
        prepare(
            connection,
            "INSERT INTO revoked_commitment VALUES (?, ?, ?)"
                + " ON CONFLICT DO UPDATE SET bytes = excluded.bytes WHERE bytes = excluded.bytes");
    session =
        prepare(
            connection,
            "INSERT INTO session (key, state, digest) VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET"
                + " state = excluded.state, digest = excluded.digest");
    registers =
        prepare(
            connection,
            "INSERT INTO registers (key, import_mwh, export_mwh, digest) VALUES (1, ?, ?, ?)"
                + " ON CONFLICT DO UPDATE SET import_mwh = excluded.import_mwh,"
                + " export_mwh = excluded.export_mwh, digest = excluded.digest");
    outbox = prepare(connection, "INSERT INTO outbox VALUES (?, ?, ?, ?)");
    removeSent = prepare(connection, "DELETE FROM outbox WHERE sequence <= ?");
    journal = prepare(connection, "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)");
    prune = prepare(connection, "DELETE FROM journal WHERE sequence < ?");
    receipt = prepare(connection, ReceiptSql.INSERT);
    settlement = prepare(connection, SettlementSql.INSERT);
    putEvmTransaction = prepare(connection, EvmTransactionSql.PUT);
    removeEvmTransaction = prepare(connection, EvmTransactionSql.REMOVE);
    meta =
        prepare(
            connection,
            "INSERT INTO meta VALUES (?, ?)"
                + " ON CONFLICT DO UPDATE SET value = excluded.value WHERE value = excluded.value");
  }

  private PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    all.add(statement);
    return statement;
  }

  /**
   * Writes {@code commit} under {@code sequence}.
   *
   * @param keys the keys of the channels that are stored
   * @return the keys of the channels that are new with this commit
   */
  Map<ChannelId, Long> write(Commit commit, long sequence, Map<ChannelId, Long> keys)
      throws SQLException {
    Map<ChannelId, Long> fresh = new HashMap<>();
    for (ChannelRow row : commit.channels()) {
      Long key = keys.get(row.id());
      if (key == null) {
        key = keys.size() + fresh.size() + 1L; // channels are never deleted
        fresh.put(row.id(), key);
        write(insertChannel, row, key);
      } else {
        write(updateChannel, row, key);
      }
    }
    for (RevokedCommitmentRow row : commit.revoked()) {
      write(row, keyOf(row.channel(), keys, fresh).orElseThrow());
    }
    if (commit.session().isPresent()) {
      session.setBytes(1, commit.session().get());
      session.setBytes(2, RowDigest.of(commit.session().get()));
      session.executeUpdate();
    }
    if (commit.registers().isPresent()) {
      write(commit.registers().get());
    }
    for (ReceiptRow row : commit.receipts()) {
      ReceiptSql.write(receipt, row);
    }
    for (SettlementRow row : commit.settlements()) {
      SettlementSql.write(settlement, row);
    }
    writeOutbox(commit.outbox(), sequence);
    writeJournal(commit.journal(), sequence, keyOf(commit.journal().channel(), keys, fresh));
    return fresh;
  }

  void removeSent(long sequence) throws SQLException {
    removeSent.setLong(1, sequence);
    removeSent.executeUpdate();
  }

  void pruneJournalBefore(long sequence) throws SQLException {
    prune.setLong(1, sequence);
    prune.executeUpdate();
  }

  /** Returns whether the fact is stored: false when the key has another value. */
  boolean putMeta(String key, String value) throws SQLException {
    meta.setString(1, key);
    meta.setString(2, value);
    return meta.executeUpdate() == 1;
  }

  void putEvmTransaction(EvmTransactionRow row) throws SQLException {
    EvmTransactionSql.write(putEvmTransaction, row);
  }

  void removeEvmTransaction(String key) throws SQLException {
    removeEvmTransaction.setString(1, key);
    removeEvmTransaction.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : all) {
      statement.close();
    }
  }

  private static void write(PreparedStatement statement, ChannelRow row, long key)
      throws SQLException {
    statement.setBytes(1, row.peer().toByteArray());
    statement.setString(2, row.stage());
    statement.setLong(3, row.commitmentNumber());
    statement.setLong(4, row.localMsat());
    statement.setLong(5, row.remoteMsat());
    statement.setLong(6, row.capacitySat());
    statement.setLong(7, row.marks().remoteSigned());
    statement.setBytes(8, row.marks().remoteSignedDigest());
    statement.setLong(9, row.marks().localStored());
    statement.setLong(10, row.marks().revoked());
    statement.setBytes(11, row.state());
    statement.setBytes(12, RowDigest.of(row));
    statement.setLong(13, key);
    statement.setBytes(14, row.id().value().toByteArray());
    statement.executeUpdate();
  }

  private void write(RevokedCommitmentRow row, long key) throws SQLException {
    revoked.setLong(1, key);
    revoked.setLong(2, row.commitmentNumber());
    revoked.setBytes(3, row.bytes());
    if (revoked.executeUpdate() != 1) {
      throw LastCommitted.refused(
          "channel %s: revoked commitment %d is stored with other bytes already"
              .formatted(row.channel(), row.commitmentNumber()));
    }
  }

  private void write(RegistersRow row) throws SQLException {
    registers.setLong(1, row.importMwh());
    registers.setLong(2, row.exportMwh());
    registers.setBytes(3, RowDigest.of(row));
    registers.executeUpdate();
  }

  private void writeOutbox(List<OutboxEntry> entries, long sequence) throws SQLException {
    for (int position = 0; position < entries.size(); position++) {
      OutboxEntry entry = entries.get(position);
      outbox.setLong(1, sequence);
      outbox.setInt(2, position);
      outbox.setString(3, entry.destination());
      outbox.setBytes(4, entry.payload());
      outbox.executeUpdate();
    }
  }

  private void writeJournal(JournalNote note, long sequence, Optional<Long> channelKey)
      throws SQLException {
    journal.setLong(1, sequence);
    journal.setLong(2, note.at().toEpochMilli());
    journal.setString(3, note.event());
    if (channelKey.isPresent()) {
      journal.setLong(4, channelKey.get());
    } else if (note.channel().isPresent()) {
      journal.setBytes(4, note.channel().get().value().toByteArray());
    } else {
      journal.setBytes(4, null);
    }
    journal.setLong(5, note.commitmentNumber());
    journal.setString(6, note.text());
    journal.executeUpdate();
  }

  private static Optional<Long> keyOf(
      Optional<ChannelId> channel, Map<ChannelId, Long> keys, Map<ChannelId, Long> fresh) {
    return channel.flatMap(id -> keyOf(id, keys, fresh));
  }

  private static Optional<Long> keyOf(
      ChannelId channel, Map<ChannelId, Long> keys, Map<ChannelId, Long> fresh) {
    return Optional.ofNullable(keys.get(channel)).or(() -> Optional.ofNullable(fresh.get(channel)));
  }
}
