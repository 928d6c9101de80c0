package chargepile.agent.sim;

import chargepile.agent.store.Commit;
import chargepile.agent.store.EvmTransactionRow;
import chargepile.agent.store.JournalEntry;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.store.RevokedCommitmentRow;
import chargepile.agent.store.SettlementRow;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.Store;
import chargepile.agent.store.StoreException;
import chargepile.agent.store.StoreSize;
import chargepile.agent.units.ChannelId;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A program's store: it may be killed before a commit is durable, or right after. */
final class FragileStore implements Store {
  private final Program program;
  private final Store store;
  private final Consumer<Commit> stored;
  private final BooleanSupplier readOnly;

  /**
   * @param readOnly whether nothing can be written now
   * @param stored hears of every commit that is durable
   */
  FragileStore(Program program, Store store, BooleanSupplier readOnly, Consumer<Commit> stored) {
    this.program = program;
    this.store = store;
    this.readOnly = readOnly;
    this.stored = stored;
  }

  @Override
  public long commit(Commit commit) {
    return program.act(
        () -> {
          requireWritable();
          long sequence = store.commit(commit);
          stored.accept(commit);
          return sequence;
        });
  }

  @Override
  public void sent(long outboxSequence) {
    program.act(
        () -> {
          requireWritable();
          store.sent(outboxSequence);
        });
  }

  @Override
  public void putMeta(String key, String value) {
    program.act(
        () -> {
          requireWritable();
          store.putMeta(key, value);
        });
  }

  private void requireWritable() {
    if (readOnly.getAsBoolean()) {
      throw new StoreException("attempt to write a readonly database");
    }
  }

  @Override
  public Snapshot load() {
    return program.ask(store::load);
  }

  @Override
  public Optional<RevokedCommitmentRow> revoked(ChannelId channel, long commitmentNumber) {
    return program.ask(() -> store.revoked(channel, commitmentNumber));
  }

  @Override
  public List<JournalEntry> journal(long fromSequence, int limit) {
    return program.ask(() -> store.journal(fromSequence, limit));
  }

  @Override
  public List<ReceiptRow> receipts() {
    return program.ask(store::receipts);
  }

  @Override
  public List<SettlementRow> settlements() {
    return program.ask(store::settlements);
  }

  @Override
  public List<EvmTransactionRow> evmTransactions() {
    return program.ask(store::evmTransactions);
  }

  @Override
  public void putEvmTransaction(EvmTransactionRow row) {
    program.act(
        () -> {
          requireWritable();
          store.putEvmTransaction(row);
        });
  }

  @Override
  public void removeEvmTransaction(String key) {
    program.act(
        () -> {
          requireWritable();
          store.removeEvmTransaction(key);
        });
  }

  @Override
  public StoreSize size() {
    return program.ask(store::size);
  }

  @Override
  public void close() {
    if (!program.isDead()) {
      store.close();
    }
  }
}
