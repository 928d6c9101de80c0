package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.EvmOutboxContract;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.OutboxSamples;
import chargepile.agent.store.EvmTransactionRow;
import chargepile.agent.store.SqliteStore;
import chargepile.agent.store.StoreException;
import chargepile.agent.units.EvmAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outbox in a real SQLite file. */
class StoredOutboxTest extends EvmOutboxContract {
  private static final OutboxEntry SAMPLE = OutboxSamples.any();
  private static final EvmAddress ANOTHER =
      EvmAddress.of("0x00000000000000000000000000000000000000aa");

  @TempDir Path directory;
  private final List<SqliteStore> stores = new ArrayList<>();
  private final IdentityHashMap<EvmOutbox, Path> files = new IdentityHashMap<>();

  @AfterEach
  void close() {
    stores.forEach(SqliteStore::close);
  }

  private SqliteStore store(Path file) {
    SqliteStore store = SqliteStore.open(file);
    stores.add(store);
    return store;
  }

  private EvmOutbox on(Path file) {
    EvmOutbox outbox = new StoredOutbox(store(file), SAMPLE.chainId(), SAMPLE.from());
    files.put(outbox, file);
    return outbox;
  }

  @Override
  protected EvmOutbox create() {
    return on(directory.resolve("node-%d.db".formatted(stores.size())));
  }

  @Override
  protected EvmOutbox reopened(EvmOutbox outbox) {
    stores.forEach(SqliteStore::close);
    return on(Objects.requireNonNull(files.get(outbox)));
  }

  @Test
  void aStoreIsOfOneAccountOnOneChain() {
    create().save(SAMPLE);
    SqliteStore store = stores.getLast();
    StoreException other =
        assertThrows(
            StoreException.class, () -> new StoredOutbox(store, SAMPLE.chainId(), ANOTHER));
    assertTrue(String.valueOf(other.getMessage()).contains("evm-account"), other::toString);
    assertThrows(
        StoreException.class, () -> new StoredOutbox(store, SAMPLE.chainId() + 1, SAMPLE.from()));
    assertEquals(
        List.of(SAMPLE),
        new StoredOutbox(store, SAMPLE.chainId(), SAMPLE.from()).entries(),
        "nothing was changed by that");
  }

  @Test
  void whatIsOfAnotherAccountIsNotTaken() {
    SqliteStore store = store(directory.resolve("other.db"));
    var outbox = new StoredOutbox(store, SAMPLE.chainId(), ANOTHER);
    assertThrows(StoreException.class, () -> outbox.save(SAMPLE));
    assertEquals(List.of(), outbox.entries());
  }

  @Test
  void bytesThatAreNoTransactionAreToldAndKept() {
    EvmOutbox outbox = create();
    EvmTransactionRow row = new EvmTransactionRow("a", 7, new byte[] {1, 2});
    stores.getLast().putEvmTransaction(row);
    StoreException trouble = assertThrows(StoreException.class, outbox::entries);
    assertTrue(String.valueOf(trouble.getMessage()).contains("nonce 7"), trouble::toString);
    assertEquals(1, stores.getLast().evmTransactions().size());
  }

  @Test
  void aNonceIsNeverKeptForTwoThings() {
    EvmOutbox outbox = create();
    outbox.save(SAMPLE);
    EvmTransactionRow other = new EvmTransactionRow("another", SAMPLE.nonce(), new byte[] {1});
    assertThrows(StoreException.class, () -> stores.getLast().putEvmTransaction(other));
    assertEquals(List.of(SAMPLE), outbox.entries());
  }
}
