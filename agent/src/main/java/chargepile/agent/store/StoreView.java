package chargepile.agent.store;

import chargepile.agent.units.ChannelId;
import java.util.List;
import java.util.Optional;

/** The reading half of a {@link Store}; what an inspection gets, also while a daemon writes. */
public interface StoreView extends AutoCloseable {
  /** Everything the agent needs after a start: the last commit's state, and what is unsent. */
  Snapshot load();

  /** The channels alone: what matters most in a store of which the rest may be damaged. */
  default List<ChannelRow> channels() {
    return load().channels();
  }

  /** What was kept of a revoked commitment; empty when it had no HTLCs. */
  Optional<RevokedCommitmentRow> revoked(ChannelId channel, long commitmentNumber);

  /**
   * At most {@code limit} journal entries from {@code fromSequence} on, oldest first. The oldest
   * entries of all are pruned, so the first one may have a higher number than asked for.
   */
  List<JournalEntry> journal(long fromSequence, int limit);

  /** What is kept of finished sessions, in the order in which they ended. */
  List<ReceiptRow> receipts();

  /** The settlement certificates that both sides signed, in the order in which they were. */
  List<SettlementRow> settlements();

  /** The transactions for an EVM chain that are kept, by nonce. */
  List<EvmTransactionRow> evmTransactions();

  /** What the store occupies now. */
  StoreSize size();

  /** Closing twice is harmless. */
  @Override
  void close();
}
