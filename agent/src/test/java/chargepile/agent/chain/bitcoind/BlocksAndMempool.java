package chargepile.agent.chain.bitcoind;

import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that a regtest node knows, indexed as an Esplora server does. Not thread-safe. */
final class BlocksAndMempool {
  private final RegtestNode node;
  private final List<Mined> blocks = new ArrayList<>();
  private final Map<TxId, Integer> heights = new HashMap<>();
  private final Map<TxId, Transaction> mined = new HashMap<>();
  private final Map<OutPoint, Spender> spends = new HashMap<>();
  private final Map<ByteVector, List<OutPoint>> paid = new HashMap<>();
  private final Map<TxId, Transaction> mempool = new LinkedHashMap<>();

  BlocksAndMempool(RegtestNode node) {
    this.node = node;
  }

  private record Mined(String hash, List<Transaction> transactions) {}

  /** An input that spends an output. */
  record Spender(TxId txid, int input) {}

  /** Follows the node. */
  void sync() {
    int height = node.height();
    while (!blocks.isEmpty() && !isOnBestChain(height)) {
      forget(blocks.removeLast());
    }
    while (blocks.size() <= height) {
      String hash = hashAt(blocks.size());
      Block block = Block.read(node.rpc().ask("getblock", hash, 0).text());
      add(new Mined(hash, block.tx));
    }
    List<String> waiting =
        node.rpc().ask("getrawmempool").items().stream().map(txid -> txid.text()).toList();
    mempool.keySet().removeIf(txid -> !waiting.contains(txid.value.toHex()));
    for (String txid : waiting) {
      TxId id = new TxId(txid);
      if (!mempool.containsKey(id)) {
        mempool.put(id, Transaction.read(node.rpc().ask("getrawtransaction", txid).text()));
      }
    }
  }

  private boolean isOnBestChain(int height) {
    int last = blocks.size() - 1;
    return last <= height && hashAt(last).equals(blocks.getLast().hash);
  }

  private String hashAt(int height) {
    return node.rpc().ask("getblockhash", height).text();
  }

  private void add(Mined block) {
    blocks.add(block);
    for (Transaction transaction : block.transactions) {
      mined.put(transaction.txid, transaction);
      heights.put(transaction.txid, blocks.size() - 1);
      for (int i = 0; i < transaction.txIn.size(); i++) {
        spends.put(transaction.txIn.get(i).outPoint, new Spender(transaction.txid, i));
      }
      for (int i = 0; i < transaction.txOut.size(); i++) {
        paid.computeIfAbsent(transaction.txOut.get(i).publicKeyScript, script -> new ArrayList<>())
            .add(new OutPoint(transaction, i));
      }
    }
  }

  private void forget(Mined block) {
    for (Transaction transaction : block.transactions) {
      mined.remove(transaction.txid);
      heights.remove(transaction.txid);
      transaction.txIn.forEach((TxIn input) -> spends.remove(input.outPoint));
      paid.values().forEach(coins -> coins.removeIf(coin -> coin.txid.equals(transaction.txid)));
    }
  }

  int height() {
    return blocks.size() - 1;
  }

  Optional<String> hash(int height) {
    return height < blocks.size() ? Optional.of(blocks.get(height).hash) : Optional.empty();
  }

  Optional<Integer> minedAt(TxId txid) {
    return Optional.ofNullable(heights.get(txid));
  }

  Optional<Transaction> transaction(TxId txid) {
    return Optional.ofNullable(mined.get(txid)).or(() -> Optional.ofNullable(mempool.get(txid)));
  }

  Optional<Spender> spender(OutPoint output) {
    return Optional.ofNullable(spends.get(output)).or(() -> waitingSpender(output));
  }

  Optional<Spender> waitingSpender(OutPoint output) {
    for (Transaction transaction : mempool.values()) {
      for (int i = 0; i < transaction.txIn.size(); i++) {
        if (transaction.txIn.get(i).outPoint.equals(output)) {
          return Optional.of(new Spender(transaction.txid, i));
        }
      }
    }
    return Optional.empty();
  }

  /** The outputs with a script that blocks ever made. */
  List<OutPoint> paidInBlocks(ByteVector script) {
    return List.copyOf(paid.getOrDefault(script, List.of()));
  }

  /** The outputs with a script that wait for a block. */
  List<OutPoint> paidInMempool(ByteVector script) {
    List<OutPoint> found = new ArrayList<>();
    for (Transaction transaction : mempool.values()) {
      for (int i = 0; i < transaction.txOut.size(); i++) {
        if (transaction.txOut.get(i).publicKeyScript.equals(script)) {
          found.add(new OutPoint(transaction, i));
        }
      }
    }
    return found;
  }

  /** The last to enter the mempool. */
  List<Transaction> recent() {
    List<Transaction> all = new ArrayList<>(mempool.values());
    return all.subList(Math.max(0, all.size() - 10), all.size()).reversed();
  }
}
