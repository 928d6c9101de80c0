package chargepile.agent.store;

import static chargepile.agent.store.StoreSamples.FIRST;
import static chargepile.agent.store.StoreSamples.channel;
import static chargepile.agent.store.StoreSamples.commit;
import static chargepile.agent.store.StoreSamples.marks;
import static chargepile.agent.store.StoreSamples.send;
import static chargepile.agent.store.StoreSamples.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {
  private static final int KILLS = 8;

  @TempDir Path directory;

  @Override
  Medium newMedium() {
    return new SqliteMedium();
  }

  private Path file() {
    return directory.resolve("pile.db");
  }

  private static String message(Runnable refused) {
    return String.valueOf(assertThrows(StoreException.class, refused::run).getMessage());
  }

  private static void assertContains(String part, String whole) {
    assertTrue(whole.contains(part), whole);
  }

  @Test
  void everyAcknowledgedCommitSurvivesAKill() throws Exception {
    Random random = new Random(20260601);
    for (int kill = 0; kill < KILLS; kill++) {
      List<String> acknowledged = new ArrayList<>();
      Process process = CommittingProcess.start(file());
      try (BufferedReader output = process.inputReader()) {
        for (int lines = 1 + random.nextInt(150); lines > 0; lines--) {
          acknowledged.add(CommittingProcess.line(output));
        }
        Thread.sleep(0, random.nextInt(999_999)); // not always right after a commit
        process.toHandle().destroyForcibly(); // unlike the process's own, it leaves the pipe open
        process.waitFor();
        output.lines().filter(line -> !line.isEmpty()).forEach(acknowledged::add);
      }
      long lastAcknowledged = Long.parseLong(acknowledged.getLast());
      try (Store store = SqliteStore.open(file())) {
        Snapshot snapshot = store.load();
        long last = snapshot.journalSequence();
        assertTrue(
            last == lastAcknowledged || last == lastAcknowledged + 1,
            () -> "acknowledged %d, found %d".formatted(lastAcknowledged, last));
        assertEquals(text(whatCommitLeaves(last)), text(snapshot));
        assertEquals(last, store.journal(1, 100_000).size());
      }
    }
  }

  /** The content of a store in which the commits up to {@code n} were made one after the other. */
  private static Snapshot whatCommitLeaves(long n) {
    Commit commit = CommittingProcess.commit(n);
    OutboxEntry message = commit.outbox().getFirst();
    return new Snapshot(
        commit.channels(),
        List.of(),
        commit.session(),
        commit.registers().orElseThrow(),
        List.of(new StoredOutboxEntry(n, message.destination(), message.payload())),
        n,
        Map.of());
  }

  @Test
  void oneProcessAtATime() throws Exception {
    Process process = CommittingProcess.start(file());
    try (BufferedReader output = process.inputReader()) {
      CommittingProcess.line(output);
      String refusal = message(() -> SqliteStore.open(file()));
      assertContains("another chargepile is using " + file().toRealPath(), refusal);
      assertContains("process " + process.pid(), refusal);
    } finally {
      process.destroyForcibly().waitFor();
    }
    SqliteStore.open(file()).close();
  }

  @Test
  void oneStoreAtATimeAndARefusedOneTakesNothingAway() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link.db"), file());
    try (Store store = SqliteStore.open(file())) {
      assertContains("another chargepile is using", message(() -> SqliteStore.open(file())));
      assertContains("another chargepile is using", message(() -> SqliteStore.open(link)));
      Process process = CommittingProcess.start(file());
      try (BufferedReader output = process.inputReader()) {
        assertContains("refused: another chargepile is using", CommittingProcess.line(output));
      } finally {
        process.destroyForcibly().waitFor();
      }
      store.commit(commit(1, 1));
    }
    SqliteStore.open(link).close();
  }

  @Test
  void aReaderSeesEachCommitBesideTheWriterAndChangesNothing() {
    try (Store store = SqliteStore.open(file());
        StoreView view = SqliteStore.openReadOnly(file())) {
      store.commit(commit(channel(FIRST, marks(1, 1, 1, 0))));
      assertEquals(text(store.load()), text(view.load()));
      store.commit(send("chain"));
      assertEquals(text(store.load()), text(view.load()));
      assertEquals(store.journal(1, 9), view.journal(1, 9));
      assertEquals(store.size(), view.size());
    }
    try (StoreView view = SqliteStore.openReadOnly(file())) {
      assertEquals(2, view.load().journalSequence());
    }
  }

  @Test
  void readingNeedsAStore() {
    assertContains("does not exist", message(() -> SqliteStore.openReadOnly(file())));
    assertFalse(Files.exists(file()));
  }

  @Test
  void theDirectoryMustExist() {
    assertContains("Create it", message(() -> SqliteStore.open(directory.resolve("none/pile.db"))));
    assertContains("is not a file", message(() -> SqliteStore.open(directory)));
  }

  @Test
  void onlyTheOwnerMayRead() throws IOException {
    SqliteStore.open(file()).close();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
  }

  @Test
  void namesWithSpecialCharactersWork() {
    Path odd = directory.resolve("a b?c=d#e%20ü.db");
    try (Store store = SqliteStore.open(odd)) {
      store.commit(commit(1, 2));
    }
    assertTrue(Files.exists(odd));
    try (StoreView view = SqliteStore.openReadOnly(odd)) {
      assertEquals(1, view.load().registers().importMwh());
    }
  }

  @Test
  void theLogIsBoundedAndEmptyAfterClosing() {
    Path wal = SqliteFile.wal(file());
    try (Store store = SqliteStore.open(file())) {
      for (int i = 1; i <= 1_500; i++) {
        store.commit(CommittingProcess.commit(i));
      }
      long log = store.size().walBytes();
      assertTrue(log < 6_000_000, () -> "log of " + log + " bytes");
    }
    assertFalse(Files.exists(wal));
  }

  @Test
  void theStoreGrowsWithItsJournalOnly() {
    try (Store store = SqliteStore.open(file(), 500)) {
      for (int i = 1; i <= 1_000; i++) {
        store.commit(CommittingProcess.commit(i));
        store.sent(i);
      }
    }
    long after1000 = file().toFile().length();
    try (Store store = SqliteStore.open(file(), 500)) {
      for (int i = 1_001; i <= 3_000; i++) {
        store.commit(CommittingProcess.commit(i));
        store.sent(i);
      }
    }
    long after3000 = file().toFile().length();
    assertTrue(after3000 <= after1000 + 8_192, () -> after1000 + " to " + after3000 + " bytes");
  }
}
