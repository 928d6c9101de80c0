package chargepile.agent.chain.embedded;

import chargepile.agent.chain.RejectedException;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that wait for a block, in the order they came, so that a parent stands before its
 * children.
 */
final class Mempool implements Coins {
  /** Weight a block keeps for header and coinbase. */
  static final int BLOCK_RESERVE = 4000;

  private static final int MAX_CHAIN = 25;
  private static final long MAX_CHAIN_SIZE = 101_000;

  /** A transaction that waits; its fee in satoshi. */
  record Entry(Transaction transaction, long fee, long virtualSize) {
    TxId txid() {
      return transaction.txid;
    }
  }

  private final Ledger ledger;
  private Feerate minimum;
  private final Map<TxId, Entry> entries = new LinkedHashMap<>();
  private final Map<OutPoint, TxId> spenders = new HashMap<>();

  /**
   * @param minimum what a full mempool asks for besides the minimum relay fee
   */
  Mempool(Ledger ledger, Feerate minimum) {
    this.ledger = ledger;
    this.minimum = minimum;
  }

  /** An output as a new transaction could spend it, but for what the mempool itself spends. */
  @Override
  public @Nullable Coin coin(OutPoint outPoint) {
    Entry parent = entries.get(outPoint.txid);
    if (parent == null) {
      return ledger.coin(outPoint);
    }
    return Ledger.outputsOf(parent.transaction, ledger.height() + 1, false).get(outPoint);
  }

  Feerate minimum() {
    return minimum;
  }

  void minimum(Feerate present) {
    minimum = present;
  }

  @Nullable Transaction transaction(TxId txid) {
    Entry entry = entries.get(txid);
    return entry == null ? null : entry.transaction;
  }

  @Nullable Transaction spender(OutPoint outPoint) {
    TxId txid = spenders.get(outPoint);
    return txid == null ? null : transaction(txid);
  }

  List<Transaction> transactions() {
    return entries.values().stream().map(Entry::transaction).toList();
  }

  /** What the next block would take: the oldest first, as much as fits. */
  List<Transaction> template() {
    List<Transaction> chosen = new ArrayList<>();
    int left = Consensus.MAX_BLOCK_WEIGHT - BLOCK_RESERVE;
    for (Entry entry : entries.values()) {
      left -= Transaction.weight(entry.transaction);
      if (left < 0) {
        break;
      }
      chosen.add(entry.transaction);
    }
    return chosen;
  }

  /**
   * Takes a transaction in, replacing what it conflicts with when it pays for that.
   *
   * @param returned whether it comes back from a disconnected block, when no fee is asked
   * @throws RejectedException with Bitcoin Core's word; then nothing has changed
   */
  void accept(Transaction tx, boolean returned) {
    Entry entry = checked(tx);
    if (!returned) {
      RelayPolicy.checkFee(entry.fee, entry.virtualSize);
      checkMinimum(entry.fee, entry.virtualSize);
    }
    Set<Entry> direct = conflicts(entry);
    Collection<Entry> replaced = withDescendants(direct);
    Replacement.check(entry, direct, replaced, ancestors(entry), entries.keySet());
    checkChain(entry);
    RelayPolicy.checkScripts(tx, Consensus.coinsOf(tx, this));
    replaced.forEach(old -> forget(old.txid()));
    add(entry);
  }

  /**
   * Takes parents and their child in, by the feerate of them all; what they conflict with is
   * replaced when they pay for that together.
   *
   * @throws RejectedException with Bitcoin Core's word; then nothing has changed
   */
  void acceptTogether(List<Transaction> transactions) {
    Map<TxId, Entry> entriesBefore = new LinkedHashMap<>(entries);
    Map<OutPoint, TxId> spendersBefore = new HashMap<>(spenders);
    try {
      List<Entry> members = new ArrayList<>();
      Set<Entry> direct = new LinkedHashSet<>();
      Set<Entry> replaced = new LinkedHashSet<>();
      for (Transaction tx : transactions) {
        Entry entry = checked(tx);
        RelayPolicy.checkFee(entry.fee, entry.virtualSize);
        Set<Entry> conflicts = conflicts(entry);
        direct.addAll(conflicts);
        replaced.addAll(withDescendants(conflicts));
        replaced.forEach(old -> forget(old.txid()));
        members.add(entry);
        add(entry);
      }
      long fee = members.stream().mapToLong(Entry::fee).sum();
      long size = members.stream().mapToLong(Entry::virtualSize).sum();
      checkMinimum(fee, size);
      for (Entry entry : members) {
        checkChain(entry);
      }
      Replacement.checkPackage(
          members,
          direct,
          replaced,
          members.stream().flatMap(entry -> ancestors(entry).stream()).toList());
      for (Transaction tx : transactions) {
        RelayPolicy.checkScripts(tx, Consensus.coinsOf(tx, this));
      }
    } catch (RejectedException e) {
      entries.clear();
      entries.putAll(entriesBefore);
      spenders.clear();
      spenders.putAll(spendersBefore);
      throw e;
    }
  }

  /** What a transaction pays and weighs, when all but fees, conflicts and scripts is in order. */
  private Entry checked(Transaction tx) {
    int height = ledger.height() + 1;
    Consensus.checkStructure(tx);
    RelayPolicy.checkStandard(tx);
    Consensus.checkFinal(tx, height, ledger.medianTime(height - 1));
    Map<OutPoint, Coin> spent = Consensus.coinsOf(tx, this);
    Consensus.checkSequenceLocks(tx, spent, height, ledger::medianTime);
    long fee = Consensus.checkAmounts(tx, spent, height);
    RelayPolicy.checkWitness(tx, spent);
    return new Entry(tx, fee, RelayPolicy.virtualSize(tx));
  }

  private void checkMinimum(long fee, long virtualSize) {
    long least = RelayPolicy.fee(minimum, virtualSize);
    if (fee < least) {
      throw new RejectedException("mempool min fee not met, %d < %d".formatted(fee, least));
    }
  }

  private void add(Entry entry) {
    entries.put(entry.txid(), entry);
    entry.transaction.txIn.forEach(input -> spenders.put(input.outPoint, entry.txid()));
  }

  /** Takes out what a new block holds, and what can't be mined any more because of it. */
  void removeMined(List<Transaction> transactions) {
    for (Transaction tx : transactions) {
      forget(tx.txid);
      for (TxIn input : tx.txIn) {
        TxId conflict = spenders.get(input.outPoint);
        if (conflict != null) {
          evict(conflict);
        }
      }
    }
  }

  /** Takes out a transaction and all that descends from it; says whether it was there. */
  boolean evict(TxId txid) {
    Entry entry = entries.get(txid);
    if (entry == null) {
      return false;
    }
    withDescendants(List.of(entry)).forEach(gone -> forget(gone.txid()));
    return true;
  }

  /** What spends the same outputs. */
  private Set<Entry> conflicts(Entry entry) {
    Set<Entry> direct = new LinkedHashSet<>();
    for (TxIn input : entry.transaction.txIn) {
      TxId txid = spenders.get(input.outPoint);
      Entry conflict = txid == null ? null : entries.get(txid);
      if (conflict != null) {
        direct.add(conflict);
      }
    }
    return direct;
  }

  /** Bitcoin Core's limits of ancestors and descendants. */
  private void checkChain(Entry entry) {
    Set<Entry> ancestors = ancestors(entry);
    checkChain("ancestors", ancestors, entry);
    for (Entry ancestor : ancestors) {
      checkChain("descendants", withDescendants(List.of(ancestor)), entry);
    }
  }

  private static void checkChain(String what, Collection<Entry> others, Entry entry) {
    long size = entry.virtualSize + others.stream().mapToLong(Entry::virtualSize).sum();
    if (others.size() + 1 > MAX_CHAIN || size > MAX_CHAIN_SIZE) {
      throw new RejectedException(
          "too-long-mempool-chain, too many %s: %d of %d vB"
              .formatted(what, others.size() + 1, size));
    }
  }

  /** The unconfirmed transactions an entry descends from, without itself. */
  private Set<Entry> ancestors(Entry entry) {
    Set<Entry> found = new LinkedHashSet<>();
    Deque<Entry> open = new ArrayDeque<>(List.of(entry));
    while (!open.isEmpty()) {
      for (TxIn input : open.remove().transaction.txIn) {
        Entry parent = entries.get(input.outPoint.txid);
        if (parent != null && found.add(parent)) {
          open.add(parent);
        }
      }
    }
    return found;
  }

  private Set<Entry> withDescendants(Collection<Entry> roots) {
    Set<Entry> found = new LinkedHashSet<>(roots);
    Deque<Entry> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      Transaction parent = open.remove().transaction;
      for (int i = 0; i < parent.txOut.size(); i++) {
        TxId txid = spenders.get(new OutPoint(parent, i));
        Entry child = txid == null ? null : entries.get(txid);
        if (child != null && found.add(child)) {
          open.add(child);
        }
      }
    }
    return found;
  }

  private void forget(TxId txid) {
    Entry entry = entries.remove(txid);
    if (entry != null) {
      entry.transaction.txIn.forEach(input -> spenders.remove(input.outPoint));
    }
  }
}
