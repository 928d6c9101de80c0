package chargepile.agent.store;

/**
 * The agent's memory across restarts and power cuts.
 *
 * <p>One thread owns a store; calls are serialised, so that a late {@link #close} waits for the
 * commit under way. Arrays that go in or come out belong to the receiver from then on: the giver
 * must not change them.
 */
public interface Store extends StoreView {
  /**
   * Writes one transition in one database transaction, durable on return.
   *
   * @return the journal sequence of this commit: the first is 1, each next one higher. The commit's
   *     outbox entries bear the same number.
   * @throws StoreException when a signing mark or a register would fall, a commitment number would
   *     get a second content, a secret would be revealed too early, or the disk refuses; then
   *     nothing of the commit is kept
   */
  long commit(Commit commit);

  /**
   * Marks the outbox entries of all commits up to and including {@code outboxSequence} as handed
   * over. They leave {@link Snapshot#unsent} at once and the disk with the next commit or at
   * closing; after a power cut in between they are unsent again, so receivers must be idempotent.
   *
   * @param outboxSequence what {@link #commit} returned, or {@link StoredOutboxEntry#sequence} of
   *     the last entry of its commit; a lower number than before changes nothing
   * @throws StoreException when no commit has that number yet
   */
  void sent(long outboxSequence);

  /**
   * Writes down a fact that is fixed for the life of the store: the node id, the network. Durable
   * on return.
   *
   * @throws StoreException when the key has another value already
   */
  void putMeta(String key, String value);

  /**
   * Keeps a transaction for an EVM chain, instead of the one with its key. Durable on return.
   *
   * @throws StoreException when the nonce belongs to another key, or the disk refuses
   */
  void putEvmTransaction(EvmTransactionRow row);

  /** Drops a transaction for an EVM chain, if it is there. Durable on return. */
  void removeEvmTransaction(String key);

  /** Writes the last marks of {@link #sent} and gives the file back; closing twice is harmless. */
  @Override
  void close();
}
