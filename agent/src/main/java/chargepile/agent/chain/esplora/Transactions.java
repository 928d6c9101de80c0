package chargepile.agent.chain.esplora;

import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxOut;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Transactions by their ids, and where a server says they are. A transaction that hashes to its id
 * is what it is, so the last ones are kept. Thread-safe.
 */
final class Transactions {
  /** Some tens for each channel; most have a few hundred bytes. */
  private static final int KEPT = 256;

  private final EsploraApi api;
  private final Map<TxId, Transaction> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TxId, Transaction> eldest) {
          return size() > KEPT;
        }
      };

  Transactions(EsploraApi api) {
    this.api = api;
  }

  /** The height of its block; empty when it is in none, or unknown. */
  Optional<BlockHeight> minedAt(TxId transaction) {
    return api.find("/tx/" + hex(transaction) + "/status", Placement::height)
        .flatMap(height -> height);
  }

  /**
   * The transaction itself.
   *
   * @throws MovedException when the server does not know it (any more)
   */
  synchronized Transaction get(TxId txid) {
    Transaction kept = known.get(txid);
    if (kept != null) {
      return kept;
    }
    String path = "/tx/" + hex(txid) + "/hex";
    String text =
        api.hex(path)
            .orElseThrow(
                () ->
                    new MovedException(
                        "%s does not know transaction %s any more".formatted(api, txid)));
    Transaction transaction;
    try {
      transaction = Transaction.read(text);
    } catch (RuntimeException e) {
      // The parser fails in many ways on bytes that are no transaction.
      throw api.nonsense(path, "no transaction but " + EsploraApi.shortened(text), e);
    }
    if (!transaction.txid.equals(txid)) {
      throw api.nonsense(path, "another transaction, " + transaction.txid);
    }
    known.put(txid, transaction);
    return transaction;
  }

  /** An output; empty when its transaction has none of that number. */
  Optional<TxOut> output(OutPoint outPoint) {
    Transaction transaction = get(outPoint.txid);
    return outPoint.index < transaction.txOut.size()
        ? Optional.of(transaction.txOut.get((int) outPoint.index))
        : Optional.empty();
  }

  /** Who spends an output; empty when nothing does. */
  Optional<Spender> spender(OutPoint output) {
    return api.find(spendPath(output), Spender::read).flatMap(spender -> spender);
  }

  /** Where a server tells who spends an output. */
  static String spendPath(OutPoint output) {
    return "/tx/%s/outspend/%d".formatted(hex(output.txid), output.index);
  }

  static String hex(TxId transaction) {
    return transaction.value.toHex();
  }
}
