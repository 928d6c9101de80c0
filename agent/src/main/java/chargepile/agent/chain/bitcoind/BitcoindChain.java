package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Freshness;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.TipChain;
import chargepile.agent.chain.bitcoind.BitcoindRpc.Answer;
import chargepile.agent.chain.bitcoind.BitcoindRpc.Call;
import chargepile.agent.chain.bitcoind.BlockSource.MovedException;
import chargepile.agent.chain.bitcoind.BlockSource.Tip;
import chargepile.agent.chain.http.PackageSubmission;
import chargepile.agent.chain.json.Json;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxOut;
import java.time.InstantSource;
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
public final class BitcoindChain implements TipChain {
  /**
   * Blocks come every ten minutes, a mempool changes within milliseconds: more tries are no use.
   */
  private static final int TRIES = 5;

  private final ReentrantLock lock = new ReentrantLock();
  private final BitcoindRpc rpc;
  private final Network network;
  private final BlockSource source;
  private final WatchedBlocks blocks;
  private final FeeEstimate feerate;
  private final NodeEvents events;
  private Map<TxId, Transaction> waiting = Map.of();

  /**
   * @param scanFrom no block below can hold anything of interest: the height at which the oldest
   *     channel that is not yet finished was begun; empty when there is none
   */
  public BitcoindChain(
      Endpoint endpoint,
      Network network,
      FeerateBounds bounds,
      Optional<BlockHeight> scanFrom,
      Freshness freshness) {
    this.network = network;
    rpc = new BitcoindRpc(endpoint);
    source = new BlockSource(rpc, network, freshness);
    blocks = new WatchedBlocks(rpc, source, scanFrom);
    feerate = new FeeEstimate(rpc, bounds);
    events = new NodeEvents(rpc, this::tip);
  }

  /** One that believes a tip as old as is usual on its network. */
  public BitcoindChain(
      Endpoint endpoint, Network network, FeerateBounds bounds, Optional<BlockHeight> scanFrom) {
    this(endpoint, network, bounds, scanFrom, Freshness.usual(network, InstantSource.system()));
  }

  /** {@inheritDoc} Known without asking: a node with another is not believed. */
  @Override
  public BlockHash genesis() {
    return network.genesis();
  }

  @Override
  public ChainTip tip() {
    return source.tip().asChainTip();
  }

  @Override
  public Optional<BlockHash> hashAt(BlockHeight height) {
    try {
      return Optional.of(source.hashAt(height.value()));
    } catch (MovedException e) {
      return Optional.empty();
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws ChainException also when the node is on another network, is syncing, has had no block
   *     for too long, or has pruned a block that must be read; listeners are called when it may be
   *     over
   */
  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    try {
      return locked(() -> steadyLook(outputs, transactions));
    } catch (ChainException e) {
      events.missed();
      throw e;
    }
  }

  private ChainView steadyLook(Set<OutPoint> outputs, Set<TxId> transactions) {
    for (int i = 1; i < TRIES; i++) {
      try {
        return look(outputs, transactions);
      } catch (MovedException e) {
        // The next try sees the new tip.
      }
    }
    return look(outputs, transactions);
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
    if (!new PackageSubmission(this::submitPackage, this::isMined).submit(transactions)) {
      transactions.forEach(this::broadcast);
    }
    events.poll();
  }

  /**
   * {@inheritDoc} Blocks are heard of at once, transactions within a second, and so is the end of
   * an outage of the node, however long.
   */
  @Override
  public AutoCloseable onChange(Runnable listener) {
    return events.add(listener);
  }

  /** {@inheritDoc} Waits for a view that is under way. */
  @Override
  public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {
    locked(
        () -> {
          blocks.expect(outputs, transactions);
          return null;
        });
  }

  @Override
  public void close() {
    events.close();
    rpc.close();
  }

  private Optional<Json> submitPackage(List<String> transactions) {
    try {
      return Optional.of(rpc.ask("submitpackage", transactions, 0));
    } catch (NodeError e) {
      return switch (e.code()) {
        case NodeError.METHOD_NOT_FOUND, NodeError.MISC -> Optional.empty();
        case NodeError.VERIFY_ERROR, NodeError.VERIFY_REJECTED, NodeError.DESERIALIZATION ->
            throw refusal(e);
        default -> throw e;
      };
    }
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
    ChainView view =
        new ChainView(new BlockHeight(tip.height()), feerate.at(tip), held, spends, mined);
    events.answered();
    return view;
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
        TxId txid = RawTransaction.id(by.get());
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
      return RawTransaction.read(rpc.ask("getrawtransaction", txid.value.toHex()), txid);
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
    String script = unspent.at("scriptPubKey").at("hex").text();
    try {
      return new TxOut(
          new fr.acinq.bitcoin.Satoshi(unspent.at("value").satoshi().value()),
          new ByteVector(HexFormat.of().parseHex(script)));
    } catch (IllegalArgumentException e) {
      throw new ChainException("the node gives no script but " + script, e);
    }
  }

  @Override
  public String toString() {
    return rpc.toString();
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
