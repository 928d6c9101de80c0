package chargepile.agent.channel;

import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A transaction of this side's that only the wallet can pay for: the child of a commitment, or an
 * HTLC transaction (BOLT 3, anchors).
 *
 * @param template see {@link FeeRequest}
 * @param spent what its only input spends
 * @param bears the unconfirmed commitment that a child pays for
 * @param stake what depends on its confirmation
 * @param window until somebody else may take the stake
 * @param sign signs the first input of the template with the wallet's part added
 */
record FeeNeed(
    Transaction template,
    TxOut spent,
    int witnessWeight,
    Optional<Bears> bears,
    Satoshi stake,
    Optional<FeeLadder.Window> window,
    UnaryOperator<Transaction> sign,
    String purpose) {
  /** What a wallet's input and change add to a template, about. */
  private static final int WALLET_WEIGHT = 4 * (41 + 31) + 110;

  /**
   * A commitment transaction that waits for a block.
   *
   * @param commitment ready to publish
   * @param fee what it pays itself
   */
  record Bears(Transaction commitment, Satoshi fee) {
    Feerate feerate() {
      return new Feerate(fee.value() * 1000 / commitment.weight());
    }
  }

  OutPoint output() {
    return template.txIn.getFirst().outPoint;
  }

  /** About what has to be paid for. */
  int weight() {
    return template.weight()
        + witnessWeight
        + WALLET_WEIGHT
        + bears.map(parent -> parent.commitment().weight()).orElse(0);
  }

  FeeRequest request(Feerate feerate, Optional<Transaction> replaces) {
    return new FeeRequest(
        template,
        List.of(spent),
        witnessWeight,
        bears.map(parent -> new FeeRequest.Parent(parent.commitment().weight(), parent.fee())),
        feerate,
        replaces);
  }

  /** Whether {@code transaction} is the template with inputs and outputs added behind its own. */
  boolean isWithin(Transaction transaction) {
    int inputs = template.txIn.size();
    int outputs = template.txOut.size();
    if (transaction.version != template.version
        || transaction.lockTime != template.lockTime
        || transaction.txIn.size() < inputs
        || transaction.txOut.size() < Math.max(1, outputs)
        || !transaction.txOut.subList(0, outputs).equals(template.txOut)) {
      return false;
    }
    for (int i = 0; i < inputs; i++) {
      var asked = template.txIn.get(i);
      var added = transaction.txIn.get(i);
      if (!added.outPoint.equals(asked.outPoint) || added.sequence != asked.sequence) {
        return false;
      }
    }
    return true;
  }
}
