package chargepile.agent.chain.redundant;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.chain.TipChain;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A chain that is what a test says. Its views bear its own feerate, which shows who serves. */
final class ScriptedChain implements TipChain {
  private static final AtomicInteger BLOCKS = new AtomicInteger();

  final String name;
  final Feerate feerate;
  final AtomicInteger questions = new AtomicInteger();
  final List<Transaction> taken = new CopyOnWriteArrayList<>();
  final Set<OutPoint> viewed = ConcurrentHashMap.newKeySet();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile List<BlockHash> blocks;
  volatile Mood mood = Mood.WELL;
  volatile Optional<String> refusal = Optional.empty();

  enum Mood {
    WELL,
    AWAY,
    HANGING,
    /** It knows its tip and fails at every view. */
    BLIND
  }

  ScriptedChain(String name, int feerate, List<BlockHash> blocks) {
    this.name = name;
    this.feerate = new Feerate(feerate);
    this.blocks = List.copyOf(blocks);
  }

  static List<BlockHash> fresh(int count) {
    List<BlockHash> fresh = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] hash = new byte[32];
      ByteBuffer.wrap(hash).putInt(BLOCKS.incrementAndGet());
      fresh.add(new BlockHash(hash));
    }
    return fresh;
  }

  List<BlockHash> blocks() {
    return blocks;
  }

  int height() {
    return blocks.size() - 1;
  }

  void become(List<BlockHash> now) {
    blocks = List.copyOf(now);
  }

  /** Replaces the last blocks by new ones. */
  void reorganise(int depth, int count) {
    List<BlockHash> now = new ArrayList<>(blocks.subList(0, Math.max(1, blocks.size() - depth)));
    now.addAll(fresh(count));
    become(now);
  }

  void callListeners() {
    listeners.forEach(Runnable::run);
  }

  private void answer() {
    questions.incrementAndGet();
    switch (mood) {
      case WELL, BLIND -> {}
      case AWAY -> throw new ChainException(name + " is away");
      case HANGING -> {
        try {
          end.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        throw new ChainException(name + " hangs");
      }
    }
  }

  @Override
  public BlockHash genesis() {
    return blocks.getFirst();
  }

  @Override
  public ChainTip tip() {
    answer();
    List<BlockHash> now = blocks;
    return new ChainTip(new BlockHeight(now.size() - 1), now.getLast(), Instant.EPOCH);
  }

  @Override
  public Optional<BlockHash> hashAt(BlockHeight height) {
    answer();
    List<BlockHash> now = blocks;
    return height.value() < now.size() ? Optional.of(now.get(height.value())) : Optional.empty();
  }

  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    answer();
    if (mood == Mood.BLIND) {
      throw new ChainException(name + " has pruned what is needed");
    }
    viewed.addAll(outputs);
    return new ChainView(new BlockHeight(height()), feerate, Map.of(), Map.of(), Map.of());
  }

  @Override
  public void broadcast(Transaction transaction) {
    answer();
    if (refusal.isPresent()) {
      throw new RejectedException(refusal.get());
    }
    taken.add(transaction);
  }

  @Override
  public void broadcast(List<Transaction> transactions) {
    transactions.forEach(this::broadcast);
  }

  @Override
  public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {}

  @Override
  public AutoCloseable onChange(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void close() {
    end.countDown();
    listeners.clear();
  }

  @Override
  public String toString() {
    return name;
  }
}
