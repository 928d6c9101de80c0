package chargepile.agent.runtime;

import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Transactions on their way from the store's outbox to the chain, and up to which commit all of
 * them have arrived. Belongs to the node's mailbox.
 */
final class Handovers {
  /**
   * Transactions that go together: parents first.
   *
   * @param what their purpose and ids, for people
   */
  record Handover(List<Transaction> transactions, String what) {
    Handover {
      transactions = List.copyOf(transactions);
    }

    static Handover of(String purpose, Transaction transaction) {
      return new Handover(List.of(transaction), purpose + " " + transaction.txid);
    }

    static Handover of(String purpose, Transaction parent, Transaction child) {
      return new Handover(
          List.of(parent, child), "%s %s with %s".formatted(purpose, parent.txid, child.txid));
    }

    private List<TxId> ids() {
      return transactions.stream().map(transaction -> transaction.txid).toList();
    }
  }

  private record Waiting(Handover handover, List<Long> commits, boolean failed) {}

  private final LongConsumer sent;
  private final Map<List<TxId>, Waiting> waiting = new LinkedHashMap<>();
  private final TreeMap<Long, Integer> open = new TreeMap<>();
  private long latest;
  private long marked;

  /**
   * @param sent is given the number of a commit up to which nothing waits any more
   */
  Handovers(LongConsumer sent) {
    this.sent = sent;
  }

  /**
   * Transactions that a commit holds.
   *
   * @param commit its number; those of the last run come first
   * @return whether to hand them over now; otherwise that failed before, and {@link #failed} has
   *     them
   */
  boolean add(long commit, Handover handover) {
    latest = Math.max(latest, commit);
    open.merge(commit, 1, Integer::sum);
    Waiting known = waiting.get(handover.ids());
    List<Long> commits = known == null ? new ArrayList<>() : known.commits();
    commits.add(commit);
    waiting.put(handover.ids(), new Waiting(handover, commits, known != null && known.failed()));
    return known == null || !known.failed();
  }

  /** The chain has taken them, or never will. */
  void done(Handover handover) {
    Waiting done = waiting.remove(handover.ids());
    if (done == null) {
      return;
    }
    done.commits()
        .forEach(commit -> open.computeIfPresent(commit, (_, n) -> n == 1 ? null : n - 1));
    long upTo = open.isEmpty() ? latest : open.firstKey() - 1;
    if (upTo > marked) {
      marked = upTo;
      sent.accept(upTo);
    }
  }

  /**
   * They could not be handed over.
   *
   * @return whether that is so for the first time
   */
  boolean failed(Handover handover) {
    Waiting known = waiting.get(handover.ids());
    if (known == null || known.failed()) {
      return false;
    }
    waiting.put(handover.ids(), new Waiting(handover, known.commits(), true));
    return true;
  }

  /** What is to be tried again, in the order in which it came. */
  List<Handover> failed() {
    return waiting.values().stream().filter(Waiting::failed).map(Waiting::handover).toList();
  }
}
