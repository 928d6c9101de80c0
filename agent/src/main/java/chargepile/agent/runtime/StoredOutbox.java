package chargepile.agent.runtime;

import chargepile.agent.evm.EvmOutbox;
import chargepile.agent.evm.OutboxCodec;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.store.EvmTransactionRow;
import chargepile.agent.store.Store;
import chargepile.agent.store.StoreException;
import chargepile.agent.units.EvmAddress;
import java.util.List;

/**
 * The outbox of an account of an EVM chain in the node's store: whatever was sent is on disk with
 * its nonce before, and is found after a restart. Thread-safe, as the store is.
 */
public final class StoredOutbox implements EvmOutbox {
  private static final String ACCOUNT = "evm-account";

  private final Store store;
  private final long chainId;
  private final EvmAddress account;

  /**
   * Ties the store to an account on a chain for good: with those of two accounts in one table,
   * nonces would collide.
   *
   * @throws StoreException when it belongs to another already, or holds what is no transaction
   */
  public StoredOutbox(Store store, long chainId, EvmAddress account) {
    this.store = store;
    this.chainId = chainId;
    this.account = account;
    store.putMeta(ACCOUNT, "%s on chain %d".formatted(account, chainId));
    entries().forEach(this::requireOwn);
  }

  @Override
  public List<OutboxEntry> entries() {
    return store.evmTransactions().stream().map(StoredOutbox::entry).toList();
  }

  private static OutboxEntry entry(EvmTransactionRow row) {
    try {
      return OutboxCodec.decode(row.bytes());
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          "the store's transaction %s with the nonce %d can't be read, %s: install the program that wrote it"
              .formatted(row.key(), row.nonce(), e.getMessage()),
          e);
    }
  }

  @Override
  public void save(OutboxEntry entry) {
    requireOwn(entry);
    store.putEvmTransaction(
        new EvmTransactionRow(entry.intent().key(), entry.nonce(), OutboxCodec.encode(entry)));
  }

  private void requireOwn(OutboxEntry entry) {
    if (!entry.from().equals(account) || entry.chainId() != chainId) {
      throw new StoreException(
          "%s on chain %d is not of the account %s on chain %d, whose outbox this is"
              .formatted(entry, entry.chainId(), account, chainId));
    }
  }

  @Override
  public void forget(String key) {
    store.removeEvmTransaction(key);
  }
}
