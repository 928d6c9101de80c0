package chargepile.agent.chain.embedded;

import chargepile.agent.chain.RejectedException;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What Bitcoin Core takes as a package: unconfirmed parents and at the end their one child. */
final class PackageRules {
  private static final int MAX_MEMBERS = 25;

  private PackageRules() {}

  static void checkTopology(List<Transaction> members) {
    if (members.size() > MAX_MEMBERS) {
      throw new RejectedException("package-too-many-transactions");
    }
    Set<TxId> parents = new HashSet<>();
    members.forEach(member -> parents.add(member.txid));
    if (parents.size() < members.size()) {
      throw new RejectedException("package-contains-duplicates");
    }
    Transaction child = members.getLast();
    parents.remove(child.txid);
    boolean parentsAlone =
        members.subList(0, members.size() - 1).stream()
            .noneMatch(member -> spentBy(member).stream().anyMatch(parents::contains));
    if (!parentsAlone || !spentBy(child).containsAll(parents)) {
      throw new RejectedException(
          "package topology disallowed. not child-with-parents or parents depend on each other.");
    }
  }

  /**
   * Whether a transaction that is refused alone may be good together with others. Below the minimum
   * relay feerate none is: nodes would be left with it when its child is replaced.
   */
  static boolean mayBeGoodWithOthers(RejectedException refusal) {
    String word = String.valueOf(refusal.getMessage());
    return word.startsWith("mempool min fee not met")
        || word.startsWith("insufficient fee")
        || word.startsWith("bad-txns-inputs-missingorspent");
  }

  private static Set<TxId> spentBy(Transaction transaction) {
    return transaction.txIn.stream().map(input -> input.outPoint.txid).collect(Collectors.toSet());
  }
}
