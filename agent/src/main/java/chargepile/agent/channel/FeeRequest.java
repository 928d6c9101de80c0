package chargepile.agent.channel;

import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxOut;
import java.util.List;
import java.util.Optional;

/**
 * What a wallet is asked for when a transaction can't pay its own fee: the child of a commitment
 * transaction that spends its anchor (CPFP), or an HTLC transaction, whose fee is zero (BOLT 3,
 * anchors). The wallet adds inputs and change after those of {@code template}, and signs its own.
 *
 * @param template unsigned; its inputs and outputs stay first and in their order
 * @param spent the outputs that the template's inputs spend, in that order
 * @param witnessWeight what the witnesses of the template's inputs will weigh at most
 * @param parent what the transaction pays for besides itself
 * @param feerate of the transaction and its parent together
 * @param replaces an earlier answer to the same request whose inputs may be used again (BIP 125)
 */
public record FeeRequest(
    Transaction template,
    List<TxOut> spent,
    int witnessWeight,
    Optional<Parent> parent,
    Feerate feerate,
    Optional<Transaction> replaces) {
  public FeeRequest {
    spent = List.copyOf(spent);
    if (spent.size() != template.txIn.size()) {
      throw new IllegalArgumentException(
          "%d inputs, but %d outputs spent".formatted(template.txIn.size(), spent.size()));
    }
  }

  /** An unconfirmed transaction: its weight, and the fee that it pays itself. */
  public record Parent(int weight, Satoshi fee) {}

  /**
   * The fee that brings the transaction and its parent to the feerate; never less than the
   * transaction's own relay costs.
   *
   * @param weight of the finished transaction, witnesses included
   */
  public Satoshi fee(int weight) {
    Satoshi own = feerate.fee(weight);
    if (parent.isEmpty()) {
      return own;
    }
    Satoshi both = feerate.fee(weight + parent.get().weight());
    Satoshi left = both.minusOrZero(parent.get().fee());
    Satoshi relay = Feerate.MINIMUM_RELAY.fee(weight);
    return left.compareTo(relay) < 0 ? relay : left;
  }
}
