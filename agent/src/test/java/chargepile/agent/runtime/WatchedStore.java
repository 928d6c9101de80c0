package chargepile.agent.runtime;

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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A store that tells of its commits, and refuses them from one on when it is told to. */
final class WatchedStore implements Store {
  private final Store store;
  private final Consumer<String> log;
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

  /**
   * @param log hears "commit" and the event of every commit that is durable
   */
  WatchedStore(Store store, Consumer<String> log) {
    this.store = store;
    this.log = log;
  }

  /** Takes so many commits more, and then none. */
  void refuseAfter(long commits) {
    left.set(commits);
  }

  @Override
  public long commit(Commit commit) {
    if (left.getAndDecrement() <= 0) {
      throw new StoreException("the disk is full");
    }
    long sequence = store.commit(commit);
    log.accept("commit " + commit.journal().event());
    return sequence;
  }

  @Override
  public Optional<RevokedCommitmentRow> revoked(ChannelId channel, long commitmentNumber) {
    return store.revoked(channel, commitmentNumber);
  }

  @Override
  public void sent(long outboxSequence) {
    store.sent(outboxSequence);
  }

  @Override
  public void putMeta(String key, String value) {
    store.putMeta(key, value);
  }

  @Override
  public Snapshot load() {
    return store.load();
  }

  @Override
  public List<JournalEntry> journal(long fromSequence, int limit) {
    return store.journal(fromSequence, limit);
  }

  @Override
  public List<ReceiptRow> receipts() {
    return store.receipts();
  }

  @Override
  public List<SettlementRow> settlements() {
    return store.settlements();
  }

  @Override
  public List<EvmTransactionRow> evmTransactions() {
    return store.evmTransactions();
  }

  @Override
  public void putEvmTransaction(EvmTransactionRow row) {
    if (left.get() <= 0) {
      throw new StoreException("the disk is full");
    }
    store.putEvmTransaction(row);
  }

  @Override
  public void removeEvmTransaction(String key) {
    if (left.get() <= 0) {
      throw new StoreException("the disk is full");
    }
    store.removeEvmTransaction(key);
  }

  @Override
  public StoreSize size() {
    return store.size();
  }

  @Override
  public void close() {
    store.close();
  }
}
