package chargepile.agent.chain.embedded;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
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
import fr.acinq.bitcoin.TxIn;
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
import org.jspecify.annotations.Nullable;
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
  private final InstantSource clock;
  private final ChangeListeners listeners;
  private final List<ExecutorService> ownThreads = new ArrayList<>();
  private Ledger ledger = new Ledger(Block.RegtestGenesisBlock);
  private Mempool mempool = new Mempool(ledger);
  private Feerate feerate = DEFAULT_FEERATE;
  private long blocksMade;

  /** A chain by the system's clock that calls its listeners on a thread of its own. */
  public EmbeddedChain() {
    this(InstantSource.system(), null);
  }

  /**
   * @param clock gives the time of blocks; a block's time rises even while the clock stands
   * @param listenerThread where listeners are called, in order; {@code Runnable::run} calls them
   *     before the call that changed the chain returns
   */
  public EmbeddedChain(InstantSource clock, @Nullable Executor listenerThread) {
    this.clock = clock;
    if (listenerThread == null) {
      ExecutorService own = Executors.newSingleThreadExecutor(daemon("chain-listeners"));
      ownThreads.add(own);
      listeners = new ChangeListeners(own);
    } else {
      listeners = new ChangeListeners(listenerThread);
    }
    for (int i = 0; i < FIRST_BLOCKS; i++) {
      connect(ledger, List.of(), Faucet.SCRIPT);
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
          Map<OutPoint, ChainView.Spend> spends = new HashMap<>();
          for (OutPoint output : outputs) {
            spendOf(output).ifPresent(spend -> spends.put(output, spend));
          }
          Map<TxId, BlockHeight> mined = new HashMap<>();
          for (TxId txid : transactions) {
            Ledger.Mined found = ledger.mined(txid);
            if (found != null) {
              mined.put(txid, new BlockHeight(found.height()));
            }
          }
          return new ChainView(new BlockHeight(ledger.height()), feerate, spends, mined);
        });
  }

  /**
   * {@inheritDoc} A transaction that pays enough more replaces what it conflicts with (BIP 125).
   */
  @Override
  public void broadcast(Transaction transaction) {
    boolean taken =
        locked(
            () -> {
              if (find(transaction.txid) != null) {
                return false;
              }
              mempool.accept(transaction, false);
              return true;
            });
    if (taken) {
      listeners.changed();
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
      change(
          () -> {
            Block block = connect(ledger, mempool.template(), coinbaseScript);
            mempool.removeMined(block.tx);
            return block;
          });
    }
  }

  /**
   * Mines a block with exactly these transactions, also such as the mempool refuses by policy.
   *
   * @throws RejectedException when the block would be invalid
   */
  public void mineWith(List<Transaction> transactions) {
    change(
        () -> {
          Block block = connect(ledger, transactions, Faucet.SCRIPT);
          mempool.removeMined(block.tx);
          return block;
        });
  }

  /** Mines a block every {@code interval} until the answer, or the chain, is closed. */
  public AutoCloseable mineEvery(Duration interval) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(daemon("chain-miner"));
    locked(() -> ownThreads.add(timer));
    timer.scheduleAtFixedRate(
        () -> mine(1), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
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
    change(
        () -> {
          if (depth > ledger.height()) {
            throw new IllegalArgumentException(
                "%d blocks to replace, the chain has %d".formatted(depth, ledger.height()));
          }
          Ledger fork = ledger.copy();
          List<Transaction> waiting = new ArrayList<>();
          for (int i = 0; i < depth; i++) {
            waiting.addAll(0, fork.disconnect());
          }
          waiting.addAll(mempool.transactions());
          branch.forEach(transactions -> connect(fork, transactions, Faucet.SCRIPT));
          ledger = fork;
          mempool = new Mempool(fork);
          waiting.forEach(this::takeBack);
          return fork;
        });
  }

  /** Drops a transaction and its descendants from the mempool, as a full or restarted node does. */
  public void evict(TxId txid) {
    boolean gone = locked(() -> mempool.evict(txid));
    if (gone) {
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
    return change(
        () -> {
          Transaction payment = Faucet.pay(unspents(Faucet.SCRIPT), script, amount);
          Block block = connect(ledger, List.of(payment), Faucet.SCRIPT);
          mempool.removeMined(block.tx);
          return new OutPoint(payment, 0);
        });
  }

  /** Sets what {@link #view} reports as the present feerate. */
  public void feerate(Feerate present) {
    change(() -> feerate = present);
  }

  public BlockHeight tip() {
    return locked(() -> new BlockHeight(ledger.height()));
  }

  /** The block at a height of the best chain. */
  public Optional<Block> block(BlockHeight height) {
    return locked(
        () ->
            height.value() > ledger.height()
                ? Optional.empty()
                : Optional.of(ledger.block(height.value())));
  }

  /** The transactions in the mempool, parents before children. */
  public List<Transaction> mempool() {
    return locked(() -> mempool.transactions());
  }

  /** A transaction of the best chain or the mempool. */
  public Optional<Transaction> transaction(TxId txid) {
    return locked(() -> Optional.ofNullable(find(txid)));
  }

  /** An output that exists, in a block or the mempool, and that neither spends. */
  public Optional<TxOut> unspent(OutPoint outPoint) {
    return locked(
        () -> {
          Coin coin = mempool.spender(outPoint) == null ? mempool.coin(outPoint) : null;
          return Optional.ofNullable(coin).map(Coin::output);
        });
  }

  /** The unspent outputs with a script, those in blocks first. */
  public List<Unspent> unspents(ByteVector script) {
    return locked(
        () -> {
          List<Unspent> found = new ArrayList<>();
          for (OutPoint outPoint : ledger.coinsOf(script)) {
            Coin coin = ledger.coin(outPoint);
            if (coin != null && mempool.spender(outPoint) == null) {
              boolean mature = Consensus.mature(coin, ledger.height() + 1);
              Optional<BlockHeight> minedAt = Optional.of(new BlockHeight(coin.height()));
              found.add(new Unspent(outPoint, coin.output(), minedAt, mature));
            }
          }
          for (Transaction tx : mempool.transactions()) {
            for (int i = 0; i < tx.txOut.size(); i++) {
              OutPoint outPoint = new OutPoint(tx, i);
              TxOut output = tx.txOut.get(i);
              if (output.publicKeyScript.equals(script) && mempool.spender(outPoint) == null) {
                found.add(new Unspent(outPoint, output, Optional.empty(), true));
              }
            }
          }
          return found;
        });
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
    return locked(
        () -> {
          long fee = 0;
          for (TxIn input : transaction.txIn) {
            Transaction parent = find(input.outPoint.txid);
            if (parent == null || input.outPoint.index >= parent.txOut.size()) {
              throw new ChainException(
                  "the fee of %s is unknown: so is its input %s"
                      .formatted(transaction.txid, input.outPoint));
            }
            fee += parent.txOut.get((int) input.outPoint.index).amount.toLong();
          }
          for (TxOut output : transaction.txOut) {
            fee -= output.amount.toLong();
          }
          return new Satoshi(fee);
        });
  }

  /** Every satoshi in the unspent outputs of the best chain. */
  public Satoshi supply() {
    return locked(() -> new Satoshi(ledger.supply()));
  }

  /** Ends the chain's threads; it can be asked, but calls no listener of its own accord. */
  @Override
  public void close() {
    locked(() -> List.copyOf(ownThreads)).forEach(ExecutorService::shutdownNow);
  }

  private Optional<ChainView.Spend> spendOf(OutPoint output) {
    Ledger.Mined mined = ledger.spender(output);
    if (mined != null) {
      BlockHeight height = new BlockHeight(mined.height());
      return Optional.of(new ChainView.Spend(mined.transaction(), Optional.of(height)));
    }
    return Optional.ofNullable(mempool.spender(output))
        .map(transaction -> new ChainView.Spend(transaction, Optional.empty()));
  }

  private @Nullable Transaction find(TxId txid) {
    Ledger.Mined mined = ledger.mined(txid);
    return mined == null ? mempool.transaction(txid) : mined.transaction();
  }

  private Block connect(Ledger target, List<Transaction> transactions, ByteVector script) {
    int height = target.height() + 1;
    long fees = target.checkBlock(transactions);
    long time = Math.max(target.medianTime(height - 1) + 1, clock.instant().getEpochSecond());
    Block block =
        BlockAssembly.assemble(
            target.tip().hash,
            height,
            time,
            transactions,
            script,
            Consensus.subsidy(height) + fees,
            blocksMade);
    target.connect(block);
    blocksMade++;
    return block;
  }

  /** Puts a transaction back after a reorganisation if the new branch has left it valid. */
  private void takeBack(Transaction transaction) {
    if (find(transaction.txid) != null) {
      return;
    }
    try {
      mempool.accept(transaction, true);
    } catch (RejectedException e) {
      Logger.debug("{} is not valid on the new branch: {}", transaction.txid, e.getMessage());
    }
  }

  private <T> T change(Supplier<T> work) {
    T result = locked(work);
    listeners.changed();
    return result;
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
