package chargepile.agent.store;

import static chargepile.agent.store.StoreSamples.commit;
import static chargepile.agent.store.StoreSamples.session;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not what they should be are refused with advice, and stay as they are. */
class SqliteFileTest {
  private static final int PAGE = 4_096;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("pile.db");
  }

  private String refusal() throws IOException {
    byte[] before = Files.readAllBytes(file);
    String message =
        String.valueOf(
            assertThrows(StoreException.class, () -> SqliteStore.open(file)).getMessage());
    assertArrayEquals(before, Files.readAllBytes(file), "the file was changed");
    assertTrue(message.contains(file.toRealPath().toString()), message);
    return message;
  }

  private void storeOfManyPages() {
    try (Store store = SqliteStore.open(file)) {
      for (int i = 1; i <= 20; i++) {
        byte[] state = new byte[20_000];
        Arrays.fill(state, (byte) i);
        store.commit(session(state));
      }
      for (int i = 1; i <= 200; i++) {
        store.commit(commit(i, i));
      }
    }
  }

  private static void assertDamaged(String message) {
    assertTrue(message.contains("is damaged"), message);
    assertTrue(message.contains("chargepile restore"), message);
    assertTrue(message.contains("Never start from an older copy"), message);
  }

  @Test
  void anEmptyFileIsADamage() throws IOException {
    Files.createFile(file);
    assertDamaged(refusal());
  }

  @Test
  void aCutFileIsADamage() throws IOException {
    storeOfManyPages();
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(raw.length() / 2 / PAGE * PAGE);
    }
    assertDamaged(refusal());
  }

  @Test
  void anOverwrittenPageIsADamage() throws IOException {
    storeOfManyPages();
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] garbage = new byte[PAGE];
      new Random(1).nextBytes(garbage);
      raw.seek(PAGE);
      raw.write(garbage);
    }
    assertDamaged(refusal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE channel SET local_msat = local_msat + 1",
        "UPDATE channel SET commitment_number = commitment_number + 1",
        "UPDATE channel SET state = zeroblob(length(state))",
        "UPDATE channel SET local_stored = local_stored + 1",
        "UPDATE session SET state = zeroblob(length(state))",
        "UPDATE registers SET import_mwh = import_mwh + 1"
      })
  void aRowThatTheMediumChangedIsADamage(String change) throws Exception {
    storeOfManyPages();
    try (Store store = SqliteStore.open(file)) {
      store.commit(
          commit(
              StoreSamples.channel(
                  StoreSamples.FIRST, StoreSamples.marks(1, 1, 1, 0), new byte[] {1, 2, 3})));
    }
    execute(change);
    assertDamaged(refusal());
  }

  @Test
  void garbageIsNotAStore() throws IOException {
    byte[] garbage = new byte[2 * PAGE];
    new Random(1).nextBytes(garbage);
    Files.write(file, garbage);
    assertTrue(refusal().contains("is not a chargepile database"));
    Files.writeString(file, "key = value\n".repeat(100), StandardCharsets.UTF_8);
    assertTrue(refusal().contains("is not a chargepile database"));
  }

  @Test
  void theDatabaseOfAnotherProgramIsLeftAlone() throws Exception {
    execute("CREATE TABLE bookmarks (url TEXT)");
    assertTrue(refusal().contains("is not a chargepile database"));
  }

  @Test
  void aFileFromTheFutureIsRefused() throws Exception {
    SqliteStore.open(file).close();
    execute("PRAGMA user_version = 99");
    String message = refusal();
    assertTrue(message.contains("has schema version 99"), message);
    assertTrue(message.contains("install the newer program"), message);
    assertThrows(StoreException.class, () -> SqliteStore.openReadOnly(file));
  }

  @Test
  void aLogWithoutItsDatabaseIsNotMadeIntoANewStore() throws IOException {
    Path wal = Files.writeString(SqliteFile.wal(file), "left over");
    String message =
        String.valueOf(
            assertThrows(StoreException.class, () -> SqliteStore.open(file)).getMessage());
    assertTrue(message.contains(wal.toRealPath().toString()), message);
    assertFalse(Files.exists(file));
  }

  @Test
  void aCreationThatWasCutOffIsStartedAgain() throws IOException {
    Files.writeString(directory.resolve("pile.db.new"), "half a database");
    try (Store store = SqliteStore.open(file)) {
      assertEquals(1, store.commit(commit(1, 1)));
    }
    assertFalse(Files.exists(directory.resolve("pile.db.new")));
  }

  @Test
  void aRefusedFileCanBeOpenedOnceItIsReplaced() throws IOException {
    Files.createFile(file);
    refusal();
    Files.delete(file);
    SqliteStore.open(file).close();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
