package chargepile.agent.store;

import static chargepile.agent.store.StoreSamples.FIRST;
import static chargepile.agent.store.StoreSamples.SECOND;
import static chargepile.agent.store.StoreSamples.channel;
import static chargepile.agent.store.StoreSamples.commit;
import static chargepile.agent.store.StoreSamples.marks;
import static chargepile.agent.store.StoreSamples.receipt;
import static chargepile.agent.store.StoreSamples.receipts;
import static chargepile.agent.store.StoreSamples.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.bitcoin.ByteVector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of older versions are brought forward whole or not at all. */
class SqliteSchemaTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("pile.db");
  }

  /** The current schema and one step more. */
  private static SqliteSchema next(String step) {
    List<String> steps = new ArrayList<>(SqliteSchema.CURRENT.steps());
    steps.add(step);
    return new SqliteSchema(steps);
  }

  private SqliteStore open(SqliteSchema schema) {
    return SqliteStore.open(file, 1_000, schema);
  }

  /** The script is what version 1 wrote; it never changes, whatever the program does later. */
  @Test
  void aFileOfVersion1IsReadByThisProgram() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(resource("store-v1.sql"));
    }
    try (Store store = SqliteStore.open(file)) {
      Snapshot snapshot = store.load();
      ChannelRow row = snapshot.channels().getFirst();
      assertEquals(FIRST, row.id());
      assertEquals("Normal", row.stage());
      assertEquals(7, row.marks().remoteSigned());
      assertEquals(6, row.marks().revoked());
      assertEquals(5, snapshot.revoked().getFirst().commitmentNumber());
      assertEquals(123_000, snapshot.registers().importMwh());
      assertEquals("peer:02", snapshot.unsent().getFirst().destination());
      assertEquals(42, snapshot.journalSequence());
      assertEquals("regtest", snapshot.meta().get("network"));
      assertEquals(List.of(), store.receipts());
      List<JournalEntry> journal = store.journal(0, 10);
      assertEquals(FIRST, journal.getFirst().note().channel().orElseThrow());
      assertEquals(SECOND, journal.getLast().note().channel().orElseThrow());
      assertThrows(
          StoreException.class, () -> store.commit(commit(channel(FIRST, marks(6, 1, 7, 6)))));
      assertEquals(43, store.commit(commit(channel(FIRST, marks(8, 1, 8, 7)))));
    }
  }

  @Test
  void receiptsOfVersion3HaveNoMeterKey() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA application_id = " + SqliteSchema.APPLICATION_ID);
      new SqliteSchema(SqliteSchema.CURRENT.steps().subList(0, 3)).migrate(file, connection);
      statement.executeUpdate(
          "INSERT INTO receipt VALUES (1, zeroblob(16), zeroblob(33), zeroblob(32), 55, 1, 2,"
              + " 'UNPLUGGED', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, x'4f')");
    }
    try (Store store = SqliteStore.open(file)) {
      ReceiptRow receipt = store.receipts().getFirst();
      assertEquals(55, receipt.commitmentNumber());
      assertEquals(ByteVector.empty, receipt.meterKey());
      assertEquals(new ByteVector("4f"), receipt.meterRecord());
      store.commit(receipts(receipt(1, Optional.empty())));
      assertEquals(receipt(1, Optional.empty()), store.receipts().getLast());
    }
  }

  @Test
  void aFileOfVersion6HasNoTransactionsForAnEvmChainAndTakesThem() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA application_id = " + SqliteSchema.APPLICATION_ID);
      new SqliteSchema(SqliteSchema.CURRENT.steps().subList(0, 6)).migrate(file, connection);
      statement.executeUpdate("INSERT INTO registers VALUES (1, 5, 6, x'')");
    }
    try (Store store = SqliteStore.open(file)) {
      assertEquals(List.of(), store.evmTransactions());
      assertEquals(5, store.load().registers().importMwh());
      store.putEvmTransaction(new EvmTransactionRow("a", 7, new byte[] {1}));
      assertEquals("a", store.evmTransactions().getFirst().key());
    }
  }

  @Test
  void aTransactionThatWasChangedOnTheDiskIsDamage() throws SQLException {
    try (SqliteStore store = open(SqliteSchema.CURRENT);
        Statement statement = store.connection().createStatement()) {
      store.putEvmTransaction(new EvmTransactionRow("a", 7, new byte[] {1}));
      statement.executeUpdate("UPDATE evm_transaction SET bytes = x'02'");
      assertThrows(DamagedStoreException.class, store::evmTransactions);
    }
  }

  @Test
  void migrationKeepsWhatWasStored() {
    String before;
    try (Store store = open(SqliteSchema.CURRENT)) {
      store.commit(commit(channel(FIRST, marks(1, 1, 1, 0))));
      store.commit(commit(10, 20));
      before = text(store.load());
    }
    SqliteSchema next =
        next(
            "ALTER TABLE channel ADD COLUMN alias TEXT NOT NULL DEFAULT '';"
                + " CREATE TABLE more (key INTEGER PRIMARY KEY) STRICT;");
    try (Store store = open(next)) {
      assertEquals(before, text(store.load()));
      assertEquals(3, store.commit(commit(11, 21)));
    }
    try (Store store = open(next)) {
      assertEquals(11, store.load().registers().importMwh());
    }
    StoreException tooNew =
        assertThrows(StoreException.class, () -> open(SqliteSchema.CURRENT).close());
    assertTrue(String.valueOf(tooNew.getMessage()).contains("install the newer program"));
  }

  @Test
  void aMigrationThatFailsChangesNothing() throws SQLException {
    String before;
    try (Store store = open(SqliteSchema.CURRENT)) {
      store.commit(commit(channel(FIRST, marks(1, 1, 1, 0))));
      before = text(store.load());
    }
    SqliteSchema broken = next("CREATE TABLE more (key INTEGER); ALTER TABLE missing ADD x TEXT;");
    assertThrows(StoreException.class, () -> open(broken).close());
    try (SqliteStore store = open(SqliteSchema.CURRENT)) {
      assertEquals(before, text(store.load()));
      assertEquals(SqliteSchema.CURRENT.version(), SqliteSchema.versionOf(store.connection()));
    }
  }

  @Test
  void everyCommitIsSyncedAndReferencesAreChecked() throws SQLException {
    try (SqliteStore store = open(SqliteSchema.CURRENT);
        Statement statement = store.connection().createStatement()) {
      assertEquals("wal", pragma(statement, "journal_mode"));
      assertEquals("2", pragma(statement, "synchronous"), "FULL");
      assertEquals("1", pragma(statement, "foreign_keys"));
    }
  }

  private static String pragma(Statement statement, String name) throws SQLException {
    try (var result = statement.executeQuery("PRAGMA " + name)) {
      return result.getString(1);
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(SqliteSchemaTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
