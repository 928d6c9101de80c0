package chargepile.agent.sim;

import chargepile.agent.store.Commit;
import chargepile.agent.store.EvmTransactionRow;
import chargepile.agent.store.JournalEntry;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.store.RevokedCommitmentRow;
import chargepile.agent.store.SettlementRow;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.Store;
import chargepile.agent.store.StoreSize;
import chargepile.agent.units.ChannelId;
import java.util.List;
import java.util.Optional;

/** A store that hands everything on; what is wrong with one overrides it. */
abstract class OtherStore implements Store {
  final Store store;

  OtherStore(Store store) {
    this.store = store;
  }

  @Override
  public long commit(Commit commit) {
    return store.commit(commit);
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
  public Optional<RevokedCommitmentRow> revoked(ChannelId channel, long commitmentNumber) {
    return store.revoked(channel, commitmentNumber);
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
    store.putEvmTransaction(row);
  }

  @Override
  public void removeEvmTransaction(String key) {
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
