package chargepile.agent.store;

import chargepile.agent.units.ChannelId;
import chargepile.agent.units.SessionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The store without a disk: what {@link SqliteStore} promises, fast enough for a simulation. A
 * store that is dropped without {@link #close} has lost its power; the {@link Disk} keeps what was
 * committed.
 */
public final class MemoryStore implements Store {
  /** What outlives a store: open the next one on it. */
  public static final class Disk {
    private final Map<ChannelId, ChannelRow> channels = new LinkedHashMap<>();
    private final Map<Revoked, RevokedCommitmentRow> revoked = new LinkedHashMap<>();
    private final List<StoredOutboxEntry> outbox = new ArrayList<>();
    private final Deque<JournalEntry> journal = new ArrayDeque<>();
    private final Map<String, String> meta = new LinkedHashMap<>();
    private final Map<SessionId, ReceiptRow> receipts = new LinkedHashMap<>();
    private final Map<List<Object>, SettlementRow> settlements = new LinkedHashMap<>();
    private final Map<String, EvmTransactionRow> evmTransactions = new LinkedHashMap<>();
    private Optional<byte[]> session = Optional.empty();
    private RegistersRow registers = RegistersRow.ZERO;
    private long sequence;
    private boolean full;

    /** What a copy made now would hold. */
    public Disk copy() {
      Disk copy = new Disk();
      copy.channels.putAll(channels);
      copy.revoked.putAll(revoked);
      copy.outbox.addAll(outbox);
      copy.journal.addAll(journal);
      copy.meta.putAll(meta);
      copy.receipts.putAll(receipts);
      copy.settlements.putAll(settlements);
      copy.evmTransactions.putAll(evmTransactions);
      copy.session = session;
      copy.registers = registers;
      copy.sequence = sequence;
      return copy;
    }

    /** From now on every write fails, or works again. */
    public void full(boolean full) {
      this.full = full;
    }

    public boolean isFull() {
      return full;
    }

    private void requireSpace() {
      if (full) {
        throw new StoreException("The disk is full: free some space. Nothing was stored");
      }
    }
  }

  private record Revoked(ChannelId channel, long number) {}

  private final Disk disk;
  private final int journalRows;
  private final LastCommitted last;
  private long sent;
  private boolean closed;

  public MemoryStore(Disk disk) {
    this(disk, SqliteStore.DEFAULT_JOURNAL_ROWS);
  }

  public MemoryStore(Disk disk, int journalRows) {
    this.disk = disk;
    this.journalRows = journalRows;
    last = new LastCommitted(load());
  }

  @Override
  public Snapshot load() {
    List<ChannelId> order = List.copyOf(disk.channels.keySet());
    return new Snapshot(
        List.copyOf(disk.channels.values()),
        disk.revoked.values().stream()
            .sorted(
                Comparator.<RevokedCommitmentRow>comparingInt(row -> order.indexOf(row.channel()))
                    .thenComparingLong(RevokedCommitmentRow::commitmentNumber))
            .toList(),
        disk.session,
        disk.registers,
        disk.outbox.stream().filter(entry -> entry.sequence() > sent).toList(),
        disk.sequence,
        disk.meta);
  }

  @Override
  public Optional<RevokedCommitmentRow> revoked(ChannelId channel, long commitmentNumber) {
    return Optional.ofNullable(disk.revoked.get(new Revoked(channel, commitmentNumber)));
  }

  @Override
  public long commit(Commit commit) {
    last.check(commit);
    for (RevokedCommitmentRow row : commit.revoked()) {
      RevokedCommitmentRow stored = disk.revoked.getOrDefault(key(row), row);
      if (!Arrays.equals(stored.bytes(), row.bytes())) {
        throw LastCommitted.refused(key(row) + " is stored with other bytes already");
      }
    }
    disk.requireSpace();
    long sequence = last.sequence() + 1;
    commit.channels().forEach(row -> disk.channels.put(row.id(), row));
    commit.revoked().forEach(row -> disk.revoked.put(key(row), row));
    disk.session = commit.session().or(() -> disk.session);
    disk.registers = commit.registers().orElse(disk.registers);
    commit.receipts().forEach(this::keep);
    commit
        .settlements()
        .forEach(row -> disk.settlements.putIfAbsent(List.of(row.session(), row.direction()), row));
    removeSent();
    commit
        .outbox()
        .forEach(
            entry ->
                disk.outbox.add(
                    new StoredOutboxEntry(sequence, entry.destination(), entry.payload())));
    disk.journal.add(new JournalEntry(sequence, commit.journal()));
    while (disk.journal.size() > journalRows) {
      disk.journal.remove();
    }
    disk.sequence = sequence;
    last.apply(commit, sequence);
    return sequence;
  }

  private void keep(ReceiptRow row) {
    disk.receipts.merge(row.session(), row, (old, next) -> next.metered().isPresent() ? next : old);
  }

  @Override
  public List<ReceiptRow> receipts() {
    return List.copyOf(disk.receipts.values());
  }

  @Override
  public List<SettlementRow> settlements() {
    return List.copyOf(disk.settlements.values());
  }

  @Override
  public synchronized List<EvmTransactionRow> evmTransactions() {
    return disk.evmTransactions.values().stream()
        .sorted(Comparator.comparingLong(EvmTransactionRow::nonce))
        .toList();
  }

  @Override
  public synchronized void putEvmTransaction(EvmTransactionRow row) {
    disk.requireSpace();
    if (disk.evmTransactions.values().stream()
        .anyMatch(other -> other.nonce() == row.nonce() && !other.key().equals(row.key()))) {
      throw new StoreException("the nonce %d has another transaction".formatted(row.nonce()));
    }
    disk.evmTransactions.put(row.key(), row);
  }

  @Override
  public synchronized void removeEvmTransaction(String key) {
    disk.requireSpace();
    disk.evmTransactions.remove(key);
  }

  private static Revoked key(RevokedCommitmentRow row) {
    return new Revoked(row.channel(), row.commitmentNumber());
  }

  private void removeSent() {
    disk.outbox.removeIf(entry -> entry.sequence() <= sent);
  }

  @Override
  public void sent(long outboxSequence) {
    last.checkSent(outboxSequence);
    sent = Math.max(sent, outboxSequence);
  }

  @Override
  public List<JournalEntry> journal(long fromSequence, int limit) {
    return disk.journal.stream()
        .filter(entry -> entry.sequence() >= fromSequence)
        .limit(Math.max(0, limit))
        .toList();
  }

  @Override
  public StoreSize size() {
    return new StoreSize(
        0,
        0,
        Map.of(
            "channel", (long) disk.channels.size(),
            "revoked_commitment", (long) disk.revoked.size(),
            "session", disk.session.isPresent() ? 1L : 0L,
            "registers", 1L,
            "outbox", (long) disk.outbox.size(),
            "journal", (long) disk.journal.size(),
            "meta", (long) disk.meta.size(),
            "receipt", (long) disk.receipts.size(),
            "settlement", (long) disk.settlements.size(),
            "evm_transaction", (long) disk.evmTransactions.size()));
  }

  @Override
  public void putMeta(String key, String value) {
    if (!disk.meta.getOrDefault(key, value).equals(value)) {
      throw new StoreException(key + " has another value already");
    }
    disk.requireSpace();
    disk.meta.put(key, value);
  }

  @Override
  public void close() {
    if (!closed && !disk.full) {
      removeSent();
    }
    closed = true;
  }
}
