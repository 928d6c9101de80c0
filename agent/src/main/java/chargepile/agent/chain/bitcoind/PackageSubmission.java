package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.RejectedException;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Hands a package to a node that has {@code submitpackage} (Bitcoin Core 26 and later). */
final class PackageSubmission {
  private static final String ACCEPTED = "success";
  private static final String MEMBER_FAILED = "transaction failed";
  private static final String UNTOUCHED = "package-not-validated";
  private static final String MISSING = "bad-txns-inputs-missingorspent";
  private static final String KNOWN = "txn-already-known";

  private final BitcoindRpc rpc;
  private final Predicate<TxId> mined;

  /**
   * @param mined whether a transaction is known to be in a block
   */
  PackageSubmission(BitcoindRpc rpc, Predicate<TxId> mined) {
    this.rpc = rpc;
    this.mined = mined;
  }

  /**
   * Hands over what is not in a block yet; parents first, the child last.
   *
   * @return false when the node has no {@code submitpackage}, or one transaction is left that needs
   *     none: nothing was handed over then
   * @throws RejectedException when it is refused
   */
  boolean submit(List<Transaction> members) {
    if (members.size() < 2) {
      return false;
    }
    Json answer;
    try {
      List<String> hex =
          members.stream()
              .map(member -> HexFormat.of().formatHex(Transaction.write(member)))
              .toList();
      answer = rpc.ask("submitpackage", hex, 0);
    } catch (NodeError e) {
      return switch (e.code()) {
        case NodeError.METHOD_NOT_FOUND, NodeError.MISC -> false;
        case NodeError.VERIFY_ERROR, NodeError.VERIFY_REJECTED, NodeError.DESERIALIZATION -> {
          RejectedException refusal = new RejectedException(e.reason());
          refusal.initCause(e);
          throw refusal;
        }
        default -> throw e;
      };
    }
    String said = answer.at("package_msg").text();
    if (said.equals(ACCEPTED)) {
      return true;
    }
    List<Transaction> rest = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    for (Transaction member : members) {
      String refusal = refusal(answer, member);
      if (isInBlock(member, refusal)) {
        continue;
      }
      rest.add(member);
      if (!refusal.isEmpty() && !refusal.equals(UNTOUCHED)) {
        refusals.add(refusal);
      }
    }
    if (rest.size() < members.size()) {
      // Nodes take no package with a parent that needs none.
      return rest.isEmpty() || submit(rest);
    }
    throw new RejectedException(reason(said, refusals));
  }

  /** The node's word against one member; empty when there is none. */
  private static String refusal(Json answer, Transaction member) {
    String txid = member.txid.value.toHex();
    if (!(answer.at("tx-results") instanceof Json.Fields(Map<String, Json> results))) {
      return "";
    }
    return results.values().stream()
        .filter(result -> result.at("txid").text().equals(txid))
        .flatMap(result -> result.find("error").stream())
        .map(Json::text)
        .findFirst()
        .orElse("");
  }

  private boolean isInBlock(Transaction member, String refusal) {
    return refusal.startsWith(KNOWN) || (refusal.startsWith(MISSING) && mined.test(member.txid));
  }

  /** The cause: a child misses its inputs only because a parent was refused. */
  private static String reason(String said, List<String> refusals) {
    if (!said.equals(MEMBER_FAILED) || refusals.isEmpty()) {
      return said;
    }
    return refusals.stream()
        .filter(refusal -> !refusal.startsWith(MISSING))
        .reduce((first, last) -> last)
        .orElseGet(refusals::getLast);
  }
}
