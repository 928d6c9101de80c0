package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.json.Json;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.HexFormat;

/** Transactions as a node gives them, which may be nonsense. */
final class RawTransaction {
  private RawTransaction() {}

  /**
   * @throws ChainException when the bytes are no transaction
   */
  static Transaction read(byte[] bytes) {
    try {
      return Transaction.read(bytes);
    } catch (RuntimeException e) {
      // The reader's exceptions for bad bytes have no common type.
      throw new ChainException("the node gives a transaction that can't be read: " + e, e);
    }
  }

  /**
   * The transaction with this id, from its hexadecimal.
   *
   * @throws ChainException when it is none, or another
   */
  static Transaction read(Json hex, TxId wanted) {
    byte[] bytes;
    try {
      bytes = HexFormat.of().parseHex(hex.text());
    } catch (IllegalArgumentException e) {
      throw new ChainException("the node gives transaction " + wanted + " not as hexadecimal", e);
    }
    Transaction transaction = read(bytes);
    if (!transaction.txid.equals(wanted)) {
      throw new ChainException(
          "the node gives transaction %s when asked for %s".formatted(transaction.txid, wanted));
    }
    return transaction;
  }

  static TxId id(Json txid) {
    try {
      return new TxId(txid.text());
    } catch (IllegalArgumentException e) {
      throw new ChainException("the node gives no transaction id but " + txid.text(), e);
    }
  }
}
