package chargepile.agent.chain.embedded;

import chargepile.agent.chain.RejectedException;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxIn;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The best chain: its blocks, the unspent outputs they leave, and where everything is. */
final class Ledger implements Coins {
  /** Blocks whose times make the median time past (BIP 113). */
  private static final int MEDIAN_SPAN = 11;

  /** A block and the coins it spent, which come back when it is disconnected. */
  private record Connected(Block block, Map<OutPoint, Coin> spent) {}

  /** A transaction and the height of its block. */
  record Mined(Transaction transaction, int height) {}

  private final List<Connected> chain;
  private final Map<OutPoint, Coin> coins;
  private final Map<ByteVector, Set<OutPoint>> coinsByScript;
  private final Map<OutPoint, TxId> spenders;
  private final Map<TxId, Mined> mined;

  /** How many outputs in blocks pay to a script, spent or not. */
  private final Map<ByteVector, Integer> payments;

  Ledger(Block genesis) {
    // The coinbase of the genesis block can't be spent, so it is in no index.
    chain = new ArrayList<>(List.of(new Connected(genesis, Map.of())));
    coins = new HashMap<>();
    coinsByScript = new HashMap<>();
    spenders = new HashMap<>();
    mined = new HashMap<>();
    payments = new HashMap<>();
  }

  private Ledger(Ledger other) {
    chain = new ArrayList<>(other.chain);
    coins = new HashMap<>(other.coins);
    coinsByScript = new HashMap<>();
    other.coinsByScript.forEach(
        (script, set) -> coinsByScript.put(script, new LinkedHashSet<>(set)));
    spenders = new HashMap<>(other.spenders);
    mined = new HashMap<>(other.mined);
    payments = new HashMap<>(other.payments);
  }

  Ledger copy() {
    return new Ledger(this);
  }

  int height() {
    return chain.size() - 1;
  }

  Block block(int height) {
    return chain.get(height).block();
  }

  Block tip() {
    return block(height());
  }

  /** The median time past of the block at {@code height}, in seconds since 1970. */
  long medianTime(int height) {
    long[] times =
        chain.subList(Math.max(0, height - MEDIAN_SPAN + 1), height + 1).stream()
            .mapToLong(connected -> connected.block().header.time)
            .sorted()
            .toArray();
    return times[times.length / 2];
  }

  @Override
  public @Nullable Coin coin(OutPoint outPoint) {
    return coins.get(outPoint);
  }

  Set<OutPoint> coinsOf(ByteVector script) {
    return Collections.unmodifiableSet(coinsByScript.getOrDefault(script, Set.of()));
  }

  @Nullable Mined mined(TxId txid) {
    return mined.get(txid);
  }

  /** The transaction in a block that spends an output. */
  @Nullable Mined spender(OutPoint outPoint) {
    TxId txid = spenders.get(outPoint);
    return txid == null ? null : mined.get(txid);
  }

  /** Whether any transaction in a block pays to a script, spent or not. */
  boolean isUsed(ByteVector script) {
    return payments.containsKey(script);
  }

  /** Every satoshi there is. */
  long supply() {
    return coins.values().stream().mapToLong(Coin::amount).sum();
  }

  /**
   * The fees of transactions as the next block would hold them, in this order.
   *
   * @throws RejectedException when such a block would be invalid
   */
  long checkBlock(List<Transaction> transactions) {
    int height = height() + 1;
    Map<OutPoint, Coin> made = new HashMap<>();
    Set<OutPoint> spent = new HashSet<>();
    Coins inBlock =
        outPoint -> {
          if (spent.contains(outPoint)) {
            return null;
          }
          Coin coin = made.get(outPoint);
          return coin == null ? coins.get(outPoint) : coin;
        };
    long fees = 0;
    int weight = 0;
    for (Transaction tx : transactions) {
      Consensus.checkStructure(tx);
      Consensus.checkFinal(tx, height, medianTime(height - 1));
      Map<OutPoint, Coin> inputs = Consensus.coinsOf(tx, inBlock);
      fees += Consensus.checkAmounts(tx, inputs, height);
      Consensus.checkSequenceLocks(tx, inputs, height, this::medianTime);
      Consensus.checkScripts(tx, inputs);
      spent.addAll(inputs.keySet());
      made.putAll(outputsOf(tx, height, false));
      weight += Transaction.weight(tx);
      if (weight > Consensus.MAX_BLOCK_WEIGHT - Mempool.BLOCK_RESERVE) {
        throw new RejectedException("bad-blk-weight");
      }
    }
    return fees;
  }

  /** Adds a block whose transactions passed {@link #checkBlock}. */
  void connect(Block block) {
    int height = chain.size();
    Map<OutPoint, Coin> spent = new HashMap<>();
    for (Transaction tx : block.tx) {
      boolean coinbase = Transaction.isCoinbase(tx);
      if (!coinbase) {
        for (TxIn input : tx.txIn) {
          spent.put(input.outPoint, remove(input.outPoint));
          spenders.put(input.outPoint, tx.txid);
        }
      }
      outputsOf(tx, height, coinbase).forEach(this::add);
      mined.put(tx.txid, new Mined(tx, height));
      tx.txOut.forEach(output -> payments.merge(output.publicKeyScript, 1, Integer::sum));
    }
    chain.add(new Connected(block, spent));
  }

  /** Takes the tip off; gives its transactions without the coinbase, in their order. */
  List<Transaction> disconnect() {
    Connected tip = chain.removeLast();
    // Backwards, so that an output made and spent in the block comes back before it goes for good.
    for (Transaction tx : tip.block().tx.reversed()) {
      for (int i = 0; i < tx.txOut.size(); i++) {
        OutPoint outPoint = new OutPoint(tx, i);
        if (coins.containsKey(outPoint)) {
          remove(outPoint);
        }
      }
      for (TxIn input : tx.txIn) {
        Coin coin = tip.spent().get(input.outPoint);
        if (coin != null) {
          spenders.remove(input.outPoint);
          add(input.outPoint, coin);
        }
      }
      mined.remove(tx.txid);
      for (TxOut output : tx.txOut) {
        payments.computeIfPresent(
            output.publicKeyScript, (script, count) -> count == 1 ? null : count - 1);
      }
    }
    return tip.block().tx.stream().skip(1).toList();
  }

  static Map<OutPoint, Coin> outputsOf(Transaction tx, int height, boolean coinbase) {
    Map<OutPoint, Coin> outputs = new LinkedHashMap<>();
    for (int i = 0; i < tx.txOut.size(); i++) {
      TxOut output = tx.txOut.get(i);
      if (!RelayPolicy.isUnspendable(output.publicKeyScript)) {
        outputs.put(new OutPoint(tx, i), new Coin(output, height, coinbase));
      }
    }
    return outputs;
  }

  private void add(OutPoint outPoint, Coin coin) {
    coins.put(outPoint, coin);
    coinsByScript
        .computeIfAbsent(coin.output().publicKeyScript, script -> new LinkedHashSet<>())
        .add(outPoint);
  }

  private Coin remove(OutPoint outPoint) {
    Coin coin = coins.remove(outPoint);
    if (coin == null) {
      throw new IllegalStateException("block spends " + outPoint + ", which is not there");
    }
    ByteVector script = coin.output().publicKeyScript;
    Set<OutPoint> others = coinsByScript.get(script);
    if (others != null && others.remove(outPoint) && others.isEmpty()) {
      coinsByScript.remove(script);
    }
    return coin;
  }
}
