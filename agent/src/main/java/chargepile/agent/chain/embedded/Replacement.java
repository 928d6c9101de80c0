package chargepile.agent.chain.embedded;

import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.embedded.Mempool.Entry;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * When transactions may take the place of others in the mempool: the rules of BIP 125, for every
 * transaction whether it signals or not. Each check throws {@link RejectedException} with Bitcoin
 * Core's word.
 */
final class Replacement {
  private static final int MAX_REPLACED = 100;

  private Replacement() {}

  /**
   * Checks a transaction alone.
   *
   * @param direct what spends the same outputs
   * @param replaced the same with all descendants
   * @param ancestors what it descends from in the mempool
   * @param waiting all that the mempool holds
   */
  static void check(
      Entry entry,
      Set<Entry> direct,
      Collection<Entry> replaced,
      Set<Entry> ancestors,
      Set<TxId> waiting) {
    if (direct.isEmpty()) {
      return;
    }
    if (ancestors.stream().anyMatch(direct::contains)) {
      throw new RejectedException(
          "bad-txns-spends-conflicting-tx, %s spends conflicting transaction"
              .formatted(entry.txid()));
    }
    for (Entry old : direct) {
      if (!faster(entry.fee(), entry.virtualSize(), old)) {
        throw insufficient(
            entry,
            "feerate %d sat/%d vB is not above %d sat/%d vB of %s"
                .formatted(
                    entry.fee(), entry.virtualSize(), old.fee(), old.virtualSize(), old.txid()));
      }
    }
    if (replaced.size() > MAX_REPLACED) {
      throw new RejectedException(
          "too many potential replacements, rejecting replacement %s; %d > %d"
              .formatted(entry.txid(), replaced.size(), MAX_REPLACED));
    }
    checkNoNewUnconfirmed(entry, direct, waiting);
    String unpaid = unpaid(entry.fee(), entry.virtualSize(), replaced);
    if (!unpaid.isEmpty()) {
      throw insufficient(entry, unpaid);
    }
  }

  /**
   * Checks a package, which pays for what its members replace together.
   *
   * @param direct what spends the same outputs as any member
   * @param replaced the same with all descendants
   * @param ancestors what members descend from, other members among it
   */
  static void checkPackage(
      List<Entry> members,
      Set<Entry> direct,
      Collection<Entry> replaced,
      Collection<Entry> ancestors) {
    if (direct.isEmpty()) {
      return;
    }
    Entry child = members.getLast();
    require(members.size() == 2, "package must be 1-parent-1-child");
    require(members.containsAll(ancestors), "new transaction cannot have mempool ancestors");
    require(replaced.size() <= MAX_REPLACED, "too many potential replacements");
    long fee = members.stream().mapToLong(Entry::fee).sum();
    long size = members.stream().mapToLong(Entry::virtualSize).sum();
    String unpaid = unpaid(fee, size, replaced);
    require(
        unpaid.isEmpty(),
        "insufficient anti-DoS fees, rejecting replacement %s, %s".formatted(child.txid(), unpaid));
    require(
        faster(fee, size, members.getFirst()),
        "package feerate is less than or equal to parent feerate");
    for (Entry old : direct) {
      require(
          faster(fee, size, old),
          "insufficient feerate: does not improve feerate diagram of " + old.txid());
    }
  }

  private static boolean faster(long fee, long virtualSize, Entry old) {
    return fee * old.virtualSize() > old.fee() * virtualSize;
  }

  /** Rules 3 and 4; empty when they are kept. */
  private static String unpaid(long fee, long virtualSize, Collection<Entry> replaced) {
    long oldFees = replaced.stream().mapToLong(Entry::fee).sum();
    if (fee < oldFees) {
      return "less fees than conflicting txs; %d < %d".formatted(fee, oldFees);
    }
    long relay = RelayPolicy.relayFee(virtualSize);
    return fee - oldFees < relay
        ? "not enough additional fees to relay; %d < %d".formatted(fee - oldFees, relay)
        : "";
  }

  private static void checkNoNewUnconfirmed(Entry entry, Set<Entry> direct, Set<TxId> waiting) {
    for (TxIn input : entry.transaction().txIn) {
      boolean known =
          direct.stream()
              .flatMap(old -> old.transaction().txIn.stream())
              .anyMatch(old -> old.outPoint.txid.equals(input.outPoint.txid));
      if (waiting.contains(input.outPoint.txid) && !known) {
        throw new RejectedException(
            "replacement-adds-unconfirmed, replacement %s adds unconfirmed input %s"
                .formatted(entry.txid(), input.outPoint));
      }
    }
  }

  private static RejectedException insufficient(Entry entry, String why) {
    return new RejectedException(
        "insufficient fee, rejecting replacement %s, %s".formatted(entry.txid(), why));
  }

  private static void require(boolean holds, String why) {
    if (!holds) {
      throw new RejectedException("package RBF failed: " + why);
    }
  }
}
