package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.bitcoind.BitcoindRpc.Answer;
import chargepile.agent.chain.bitcoind.BitcoindRpc.Call;
import chargepile.agent.chain.bitcoind.BlockSource.MovedException;
import chargepile.agent.chain.bitcoind.BlockSource.Tip;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxOut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The chain of a Bitcoin node, which may be pruned and needs no transaction index.
 *
 * <p>Unspent outputs and the mempool are asked of the node; who spends an output in a block is
 * found by reading blocks: each new one, and once the past ones when something is first watched
 * (see {@link WatchedBlocks}). Nothing is stored: after a restart the blocks are read again from
 * the height that the constructor is given.
 *
 * <p>Thread-safe; calls wait for each other, and the first {@link #view} after a start for the
 * search of the past.
 */
public final class BitcoindChain implements Chain, AutoCloseable {
  /**
   * Blocks come every ten minutes, a mempool changes within milliseconds: more tries are no use.
   */
  private static final int TRIES = 5;

  private final ReentrantLock lock = new ReentrantLock();
  private final BitcoindRpc rpc;
  private final WatchedBlocks blocks;
  private final FeeEstimate feerate;
  private final NodeEvents events;
  private Map<TxId, Transaction> waiting = Map.of();
  private Optional<BlockHash> genesis = Optional.empty();

  /**
   * @param scanFrom no block below can hold anything of interest: the height at which the oldest
   *     channel that is not yet finished was begun; empty when there is none
   */
  public BitcoindChain(
      Endpoint endpoint, Network network, FeerateBounds bounds, Optional<BlockHeight> scanFrom) {
    rpc = new BitcoindRpc(endpoint);
    blocks = new WatchedBlocks(rpc, new BlockSource(rpc, network), scanFrom);
    feerate = new FeeEstimate(rpc, bounds);
    events = new NodeEvents(rpc);
  }

  @Override
  public BlockHash genesis() {
    return locked(
        () -> {
          BlockHash known =
              genesis.orElseGet(
                  () -> {
                    blocks.sync();
                    return BlockSource.hash(rpc.ask("getblockhash", 0));
                  });
          genesis = Optional.of(known);
          return known;
        });
  }

  /**
   * {@inheritDoc}
   *
   * @throws ChainException also when the node is on another network, is syncing, or has pruned a
   *     block that must be read
   */
  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    return locked(
        () -> {
          for (int i = 1; i < TRIES; i++) {
            try {
              return look(outputs, transactions);
            } catch (MovedException e) {
              // The next try sees the new tip.
            }
          }
          return look(outputs, transactions);
        });
  }

  @Override
  public void broadcast(Transaction transaction) {
    String hex = HexFormat.of().formatHex(Transaction.write(transaction));
    try {
      rpc.ask("sendrawtransaction", hex, 0);
    } catch (NodeError e) {
      switch (e.code()) {
        case NodeError.ALREADY_IN_UTXO_SET -> {}
        case NodeError.VERIFY_ERROR, NodeError.VERIFY_REJECTED, NodeError.DESERIALIZATION -> {
          if (!isMined(transaction.txid)) {
            throw refusal(e);
          }
        }
        default -> throw e;
      }
    }
    events.poll();
  }

  @Override
  public void broadcast(List<Transaction> transactions) {
    if (!new PackageSubmission(rpc, this::isMined).submit(transactions)) {
      transactions.forEach(this::broadcast);
    }
    events.poll();
  }

  /**
   * {@inheritDoc} Blocks are heard of at once, transactions within a second; the same after an
   * outage of the node, however long.
   */
  @Override
  public AutoCloseable onChange(Runnable listener) {
    return events.add(listener);
  }

  /**
   * Looks for all of these in the past in one go with the next {@link #view}; for a start with many
   * channels, which ask one by one.
   */
  public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {
    locked(
        () -> {
          blocks.expect(outputs, transactions);
          return null;
        });
  }

  /** Ends the threads and connections; from then on nobody is called. */
  @Override
  public void close() {
    events.close();
    rpc.close();
  }

  private static RejectedException refusal(NodeError error) {
    RejectedException refusal = new RejectedException(error.reason());
    refusal.initCause(error);
    return refusal;
  }

  /** Known so only of what is watched; other transactions are refused as spending what is spent. */
  private boolean isMined(TxId transaction) {
    return locked(() -> blocks.minedAt(transaction).isPresent());
  }

  private ChainView look(Set<OutPoint> outputs, Set<TxId> transactions) {
    Tip tip = blocks.sync();
    blocks.cover(tip, outputs, transactions);
    Map<OutPoint, ChainView.Spend> spends = new HashMap<>();
    List<OutPoint> open = new ArrayList<>();
    for (OutPoint output : outputs) {
      Optional<ChainView.Spend> spend = blocks.spend(output);
      spend.ifPresentOrElse(known -> spends.put(output, known), () -> open.add(output));
    }
    Map<TxId, BlockHeight> mined = new HashMap<>();
    transactions.forEach(txid -> blocks.minedAt(txid).ifPresent(height -> mined.put(txid, height)));
    Map<OutPoint, TxOut> held = ask(tip, open, spends);
    return new ChainView(new BlockHeight(tip.height()), feerate.at(tip), held, spends, mined);
  }

  /** Asks for outputs that no block spends; adds their spends in the mempool to {@code spends}. */
  private Map<OutPoint, TxOut> ask(
      Tip tip, List<OutPoint> open, Map<OutPoint, ChainView.Spend> spends) {
    List<Call> calls = new ArrayList<>();
    open.forEach(output -> calls.add(WatchedBlocks.unspent(output)));
    if (!open.isEmpty()) {
      calls.add(Call.of("gettxspendingprevout", open.stream().map(BitcoindChain::named).toList()));
    }
    calls.add(Call.of("getbestblockhash"));
    List<Answer> answers = rpc.askAll(calls);
    if (!BlockSource.hash(answers.getLast().orThrow()).equals(tip.hash())) {
      throw new MovedException();
    }
    if (open.isEmpty()) {
      return Map.of();
    }
    Map<OutPoint, TxOut> held = new HashMap<>();
    for (int i = 0; i < open.size(); i++) {
      Json output = answers.get(i).orThrow();
      if (!output.isNull()) {
        held.put(open.get(i), output(output));
      }
    }
    spends.putAll(inMempool(open, answers.get(open.size()).orThrow().items()));
    return held;
  }

  private Map<OutPoint, ChainView.Spend> inMempool(List<OutPoint> open, List<Json> answers) {
    if (answers.size() != open.size()) {
      throw new ChainException(rpc + " answers gettxspendingprevout with too little");
    }
    Map<TxId, Transaction> known = new HashMap<>();
    Map<OutPoint, ChainView.Spend> spends = new HashMap<>();
    for (int i = 0; i < open.size(); i++) {
      Optional<Json> by = answers.get(i).find("spendingtxid");
      if (by.isPresent()) {
        TxId txid = new TxId(by.get().text());
        Transaction spend = known.computeIfAbsent(txid, this::fromMempool);
        spends.put(open.get(i), new ChainView.Spend(spend, Optional.empty()));
      }
    }
    waiting = known;
    return spends;
  }

  private Transaction fromMempool(TxId txid) {
    Transaction known = waiting.get(txid);
    if (known != null) {
      return known;
    }
    try {
      return Transaction.read(rpc.ask("getrawtransaction", txid.value.toHex()).text());
    } catch (NodeError e) {
      if (e.code() == NodeError.NOT_FOUND) {
        // Mined or replaced since.
        throw new MovedException();
      }
      throw e;
    }
  }

  private static Map<String, Object> named(OutPoint output) {
    return Map.of("txid", output.txid.value.toHex(), "vout", output.index);
  }

  private static TxOut output(Json unspent) {
    return new TxOut(
        new fr.acinq.bitcoin.Satoshi(unspent.at("value").satoshi().value()),
        new ByteVector(unspent.at("scriptPubKey").at("hex").text()));
  }

  private <T> T locked(java.util.function.Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
