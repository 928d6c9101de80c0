package chargepile.agent.chain.http;

import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.json.Json;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Hands a package to a node by {@code submitpackage} (Bitcoin Core 26 and later). */
public final class PackageSubmission {
  private static final String ACCEPTED = "success";
  private static final String MEMBER_FAILED = "transaction failed";
  private static final String UNTOUCHED = "package-not-validated";
  private static final String MISSING = "bad-txns-inputs-missingorspent";
  private static final String KNOWN = "txn-already-known";

  private final Node node;
  private final Predicate<TxId> mined;

  /** The way to the node. */
  @FunctionalInterface
  public interface Node {
    /**
     * What {@code submitpackage} answers to transactions in hexadecimal; empty when there is no
     * {@code submitpackage}.
     *
     * @throws RejectedException when the package is refused as a whole
     */
    Optional<Json> submit(List<String> transactions);
  }

  /**
   * @param mined whether a transaction is known to be in a block
   */
  public PackageSubmission(Node node, Predicate<TxId> mined) {
    this.node = node;
    this.mined = mined;
  }

  /**
   * Hands over what is not in a block yet; parents first, the child last.
   *
   * @return false when the node has no {@code submitpackage}, or one transaction is left that needs
   *     none: nothing was handed over then
   * @throws RejectedException when it is refused
   */
  public boolean submit(List<Transaction> members) {
    if (members.size() < 2) {
      return false;
    }
    Optional<Json> answered =
        node.submit(
            members.stream()
                .map(member -> HexFormat.of().formatHex(Transaction.write(member)))
                .toList());
    if (answered.isEmpty()) {
      return false;
    }
    Json answer = answered.get();
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
