package chargepile.agent.chain.esplora;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Freshness;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.TipChain;
import chargepile.agent.chain.WrongNetworkException;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import fr.acinq.bitcoin.TxOut;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The chain as an Esplora server tells it. Nothing is stored and no block is read: the server finds
 * what is asked for, however old.
 *
 * <p>A view is of one tip: when the server's tip moves while it is asked, it is asked again. What
 * the server says must fit together; what does not is refused with a {@link ChainException} that
 * names the request.
 *
 * <p>Thread-safe; calls wait for each other.
 */
public final class EsploraChain implements TipChain {
  private static final String BLOCK_AT = "/block-height/";
  private static final int TRIES = 5;

  /** A server that is indexing a block says things of it before its tip has moved. */
  private static final long PAUSE_MILLIS = 200;

  private final ReentrantLock lock = new ReentrantLock();
  private final EsploraApi api;
  private final Network network;
  private final Transactions transactions;
  private final FeeEstimate feerate;
  private final ServerNews news;
  private final Broadcast broadcast;

  private final Freshness freshness;

  /** The last tip, whose chain was seen to begin with the network's first block. */
  private Optional<ChainTip> last = Optional.empty();

  /**
   * @param freshness when the server's last block is too old for it to be believed
   */
  public EsploraChain(Server server, Network network, FeerateBounds bounds, Freshness freshness) {
    this.network = network;
    this.freshness = freshness;
    api = new EsploraApi(server);
    transactions = new Transactions(api);
    feerate = new FeeEstimate(api, bounds);
    news = new ServerNews(api, server.interval());
    broadcast = new Broadcast(api, transactions);
  }

  /** One that believes a tip as old as is usual on its network. */
  public EsploraChain(Server server, Network network, FeerateBounds bounds) {
    this(server, network, bounds, Freshness.usual(network, InstantSource.system()));
  }

  /** {@inheritDoc} Known without asking: a server with another is not believed. */
  @Override
  public BlockHash genesis() {
    return network.genesis();
  }

  /** {@inheritDoc} Waits for a view that is under way, which takes some questions. */
  @Override
  public ChainTip tip() {
    return locked(() -> untilStill(this::presentTip));
  }

  @Override
  public Optional<BlockHash> hashAt(BlockHeight height) {
    return api.hash(BLOCK_AT + height.value());
  }

  /**
   * {@inheritDoc}
   *
   * @throws ChainException also when the server is on another network, has had no block for too
   *     long, or answers nonsense; listeners are called when it may be over
   */
  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> watched) {
    try {
      return locked(() -> untilStill(() -> look(outputs, watched)));
    } catch (ChainException e) {
      news.tellAnyway();
      throw e;
    }
  }

  /** {@inheritDoc} A server knows its past: there is nothing to search for. */
  @Override
  public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {}

  @Override
  public void broadcast(Transaction transaction) {
    broadcast.send(transaction);
    news.poll();
  }

  @Override
  public void broadcast(List<Transaction> members) {
    broadcast.send(members);
    news.poll();
  }

  /**
   * {@inheritDoc} Both are heard of within the server's interval, own transactions at once; the
   * same after an outage, however long, and after a view that failed.
   */
  @Override
  public AutoCloseable onChange(Runnable listener) {
    return news.add(listener);
  }

  /** Ends the thread and connections; from then on nobody is called. */
  @Override
  public void close() {
    news.close();
    api.close();
  }

  private <T> T untilStill(Supplier<T> question) {
    for (int i = 1; i < TRIES; i++) {
      try {
        return question.get();
      } catch (MovedException e) {
        pause();
      }
    }
    return question.get();
  }

  private ChainView look(Set<OutPoint> outputs, Set<TxId> watched) {
    ChainTip tip = presentTip();
    Map<TxId, Optional<BlockHeight>> places = new HashMap<>();
    Map<TxId, BlockHeight> mined = new HashMap<>();
    for (TxId txid : watched) {
      place(txid, tip, places).ifPresent(height -> mined.put(txid, height));
    }
    Map<OutPoint, TxOut> held = new HashMap<>();
    Map<OutPoint, ChainView.Spend> spends = new HashMap<>();
    for (OutPoint output : outputs) {
      Optional<BlockHeight> birth = place(output.txid, tip, places);
      Optional<ChainView.Spend> spend = spend(output, birth, tip);
      spend.ifPresent(found -> spends.put(output, found));
      if (birth.isPresent() && spend.flatMap(ChainView.Spend::minedAt).isEmpty()) {
        transactions.output(output).ifPresent(content -> held.put(output, content));
      }
    }
    ChainView view = new ChainView(tip.height(), feerate.at(tip.hash()), held, spends, mined);
    if (!api.tipHash().equals(tip.hash())) {
      throw moved();
    }
    return view;
  }

  private ChainTip presentTip() {
    BlockHeight height = new BlockHeight(api.tipHeight());
    BlockHash hash = hashAt(height).orElseThrow(this::moved);
    ChainTip tip =
        last.filter(known -> known.hash().equals(hash) && known.height().equals(height))
            .orElseGet(() -> seen(height, hash));
    Optional<Duration> age = freshness.tooOld(tip.time());
    if (age.isPresent()) {
      throw new ChainException(
          "%s has fallen behind: its last block (%d) is %d minutes old: see whether its node has peers, and whether this machine's clock is right"
              .formatted(api, height.value(), age.get().toMinutes()));
    }
    last = Optional.of(tip);
    return tip;
  }

  /** Looks at a tip for the first time. */
  private ChainTip seen(BlockHeight height, BlockHash hash) {
    requireNetwork();
    String path = "/block/" + ChainTip.display(hash);
    Instant time = api.get(path, block -> Instant.ofEpochSecond(block.at("timestamp").whole()));
    return new ChainTip(height, hash, time);
  }

  private void requireNetwork() {
    String path = BLOCK_AT + 0;
    BlockHash first =
        api.hash(path).orElseThrow(() -> api.nonsense(path, "there is no first block (HTTP 404)"));
    if (!first.equals(network.genesis())) {
      String found =
          Arrays.stream(Network.values())
              .filter(other -> other.genesis().equals(first))
              .findFirst()
              .map(Network::chain)
              .orElse("with the first block " + ChainTip.display(first));
      throw new WrongNetworkException(
          "%s is on the network %s, and %s is configured: correct its address or the network"
              .formatted(api, found, network.chain()));
    }
  }

  private Optional<BlockHeight> place(
      TxId txid, ChainTip tip, Map<TxId, Optional<BlockHeight>> places) {
    return places.computeIfAbsent(txid, asked -> below(tip, transactions.minedAt(asked)));
  }

  private Optional<ChainView.Spend> spend(
      OutPoint output, Optional<BlockHeight> birth, ChainTip tip) {
    Optional<Spender> found = transactions.spender(output);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Spender spender = found.get();
    Optional<BlockHeight> minedAt = below(tip, spender.minedAt());
    Transaction spending = transactions.get(spender.txid());
    String path = Transactions.spendPath(output);
    if (spending.txIn.stream().noneMatch(input -> input.outPoint.equals(output))) {
      throw api.nonsense(path, "%s does not spend it".formatted(spender.txid()));
    }
    if (minedAt.isPresent()) {
      BlockHeight born = birth.orElseThrow(this::moved);
      if (minedAt.get().compareTo(born) < 0) {
        throw api.nonsense(
            path,
            "spent in block %d, and made in block %d"
                .formatted(minedAt.get().value(), born.value()));
      }
    }
    return Optional.of(new ChainView.Spend(spending, minedAt));
  }

  private Optional<BlockHeight> below(ChainTip tip, Optional<BlockHeight> height) {
    if (height.filter(found -> found.compareTo(tip.height()) > 0).isPresent()) {
      throw moved();
    }
    return height;
  }

  private MovedException moved() {
    return new MovedException("the chain of %s moves on faster than it can be read".formatted(api));
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChainException("interrupted while asking " + api, e);
    }
  }

  @Override
  public String toString() {
    return api.toString();
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
