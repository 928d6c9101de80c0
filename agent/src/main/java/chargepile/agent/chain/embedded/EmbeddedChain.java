package chargepile.agent.chain.embedded;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChangeListeners;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxOut;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * A regtest chain in this process. It starts with enough blocks that {@link #fund} has mature money
 * to give. Every satoshi comes from a coinbase and every fee goes to one.
 *
 * <p>Thread-safe. A call that throws has changed nothing.
 */
public final class EmbeddedChain implements Chain, AutoCloseable {
  /** What {@link #view} reports until told otherwise: 4 sat/vB. */
  public static final Feerate DEFAULT_FEERATE = new Feerate(1000);

  private static final int FIRST_BLOCKS = Consensus.COINBASE_MATURITY + 1;

  private final ReentrantLock lock = new ReentrantLock();
  private final RegtestNode node;
  private final ChangeListeners listeners;
  private final List<ExecutorService> threads = new ArrayList<>();
  private Feerate feerate = DEFAULT_FEERATE;

  /** A chain by the system's clock that calls its listeners on a thread of its own. */
  public EmbeddedChain() {
    this(
        InstantSource.system(), Executors.newSingleThreadExecutor(daemon("chain-listeners")), true);
  }

  /**
   * @param clock gives the time of blocks; while it stands their median time rises all the same
   * @param listenerThread where listeners are called, in order; {@code Runnable::run} calls them
   *     before the call that changed the chain returns
   */
  public EmbeddedChain(InstantSource clock, Executor listenerThread) {
    this(clock, listenerThread, false);
  }

  private EmbeddedChain(InstantSource clock, Executor listenerThread, boolean ownsThread) {
    node = new RegtestNode(clock);
    listeners = new ChangeListeners(listenerThread);
    if (ownsThread && listenerThread instanceof ExecutorService service) {
      threads.add(service);
    }
    for (int i = 0; i < FIRST_BLOCKS; i++) {
      node.mine(Faucet.SCRIPT);
    }
  }

  @Override
  public BlockHash genesis() {
    return Block.RegtestGenesisBlock.hash;
  }

  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    return locked(
        () -> {
          Map<OutPoint, TxOut> confirmed = new HashMap<>();
          Map<OutPoint, ChainView.Spend> spends = new HashMap<>();
          for (OutPoint output : outputs) {
            node.confirmed(output).ifPresent(held -> confirmed.put(output, held));
            node.spend(output).ifPresent(spend -> spends.put(output, spend));
          }
          Map<TxId, BlockHeight> mined = new HashMap<>();
          for (TxId txid : transactions) {
            node.minedAt(txid).ifPresent(height -> mined.put(txid, height));
          }
          Feerate least = node.mempoolMinimum();
          Feerate present = feerate.compareTo(least) < 0 ? least : feerate;
          return new ChainView(new BlockHeight(node.height()), present, confirmed, spends, mined);
        });
  }

  /** {@inheritDoc} It has its past in memory: there is nothing to search for. */
  @Override
  public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {}

  /**
   * {@inheritDoc} A transaction that pays enough more replaces what it conflicts with (BIP 125).
   */
  @Override
  public void broadcast(Transaction transaction) {
    if (locked(() -> node.accept(transaction))) {
      listeners.changed();
    }
  }

  @Override
  public void broadcast(List<Transaction> transactions) {
    boolean changed = false;
    int before = mempool().size();
    try {
      changed = locked(() -> node.accept(transactions));
    } finally {
      if (changed || mempool().size() != before) {
        listeners.changed();
      }
    }
  }

  @Override
  public AutoCloseable onChange(Runnable listener) {
    return listeners.add(listener);
  }

  /** Mines blocks with what waits in the mempool. */
  public void mine(int blocks) {
    mine(blocks, Faucet.SCRIPT);
  }

  /** The same, with the coinbases paid to {@code coinbaseScript}. */
  public void mine(int blocks, ByteVector coinbaseScript) {
    for (int i = 0; i < blocks; i++) {
      change(() -> node.mine(coinbaseScript));
    }
  }

  /**
   * Mines a block with exactly these transactions, also such as the mempool refuses by policy.
   *
   * @throws RejectedException when the block would be invalid
   */
  public void mineWith(List<Transaction> transactions) {
    change(() -> node.mine(transactions, Faucet.SCRIPT));
  }

  /** Mines a block every {@code interval} until the answer, or the chain, is closed. */
  public AutoCloseable mineEvery(Duration interval) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(daemon("chain-miner"));
    locked(() -> threads.add(timer));
    long nanos = interval.toNanos();
    var unused = timer.scheduleAtFixedRate(this::mineOnTimer, nanos, nanos, TimeUnit.NANOSECONDS);
    return timer::shutdownNow;
  }

  /**
   * Replaces the last {@code depth} blocks by one empty block more; their transactions wait in the
   * mempool again where they are still valid.
   */
  public void reorganise(int depth) {
    reorganise(depth, Collections.nCopies(depth + 1, List.of()));
  }

  /**
   * Replaces the last {@code depth} blocks by a longer branch. Transactions of the old blocks that
   * are not in the branch wait in the mempool again, unless the branch makes them invalid.
   *
   * @param branch what each new block holds, the lowest first; more than {@code depth} blocks
   * @throws RejectedException when a block of the branch would be invalid
   */
  public void reorganise(int depth, List<List<Transaction>> branch) {
    if (depth < 1 || branch.size() <= depth) {
      throw new IllegalArgumentException(
          "a branch of %d blocks does not replace %d: it must be longer, and replace at least one"
              .formatted(branch.size(), depth));
    }
    change(() -> node.reorganise(depth, branch));
  }

  /** Drops a transaction and its descendants from the mempool, as a full or restarted node does. */
  public void evict(TxId txid) {
    if (locked(() -> node.evict(txid))) {
      listeners.changed();
    }
  }

  /**
   * Pays {@code amount} to {@code script} in a new block that holds nothing else.
   *
   * @return the confirmed output
   * @throws ChainException when the faucet has not as much
   */
  public OutPoint fund(ByteVector script, Satoshi amount) {
    Transaction payment =
        locked(
            () -> {
              Transaction paid = Faucet.pay(node.unspents(Faucet.SCRIPT), script, amount);
              node.mine(List.of(paid), Faucet.SCRIPT);
              return paid;
            });
    listeners.changed();
    return new OutPoint(payment, 0);
  }

  /** Sets what {@link #view} reports as the present feerate, unless the mempool asks for more. */
  public void feerate(Feerate present) {
    change(() -> feerate = present);
  }

  /**
   * Sets the least feerate at which the mempool takes a transaction or a package from now on, as
   * that of a full one rises; 0 leaves the minimum relay feerate alone.
   */
  public void mempoolMinimum(Feerate minimum) {
    change(() -> node.mempoolMinimum(minimum));
  }

  public BlockHeight tip() {
    return locked(() -> new BlockHeight(node.height()));
  }

  /** The block at a height of the best chain. */
  public Optional<Block> block(BlockHeight height) {
    return locked(() -> node.block(height));
  }

  /** The transactions in the mempool, parents before children. */
  public List<Transaction> mempool() {
    return locked(node::waiting);
  }

  /** A transaction of the best chain or the mempool. */
  public Optional<Transaction> transaction(TxId txid) {
    return locked(() -> Optional.ofNullable(node.transaction(txid)));
  }

  /** An output that exists, in a block or the mempool, and that neither spends. */
  public Optional<TxOut> unspent(OutPoint outPoint) {
    return locked(() -> node.unspent(outPoint));
  }

  /** The unspent outputs with a script, those in blocks first. */
  public List<Unspent> unspents(ByteVector script) {
    return locked(() -> node.unspents(script));
  }

  /** Whether any transaction of the best chain or the mempool ever paid to a script. */
  public boolean isUsed(ByteVector script) {
    return locked(() -> node.isUsed(script));
  }

  /** The sum of all unspent outputs with a script, in blocks and in the mempool. */
  public Satoshi balance(ByteVector script) {
    return unspents(script).stream().map(Unspent::amount).reduce(Satoshi.ZERO, Satoshi::plus);
  }

  /**
   * What a transaction pays to the miner.
   *
   * @throws ChainException when one of the outputs it spends is unknown here
   */
  public Satoshi fee(Transaction transaction) {
    return locked(() -> node.fee(transaction));
  }

  /** Every satoshi in the unspent outputs of the best chain. */
  public Satoshi supply() {
    return locked(node::supply);
  }

  /** The sum of all block subsidies so far. */
  public Satoshi issued() {
    return locked(node::issued);
  }

  /** Ends the threads the chain has started; from then on it calls nobody. */
  @Override
  public void close() {
    listeners.close();
    locked(() -> List.copyOf(threads)).forEach(ExecutorService::shutdownNow);
  }

  private void mineOnTimer() {
    try {
      mine(1);
    } catch (RuntimeException e) {
      Logger.error(e, "no block was mined this time; the timer goes on");
    }
  }

  private void change(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
    listeners.changed();
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private static ThreadFactory daemon(String name) {
    return Thread.ofPlatform().daemon().name(name).factory();
  }
}
