package chargepile.agent.cli.run;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainTip;
import chargepile.agent.chain.Freshness;
import chargepile.agent.chain.TipChain;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A chain of which is known what it last said, without asking: what the watch saw, and whether this
 * machine's clock can be right. A clock that is wrong blinds nobody: it may be an attacker's doing.
 * Thread-safe.
 */
final class SeenChain implements Chain {
  /** Outputs that are remembered; only those of unfinished channels are of any interest. */
  private static final int REMEMBERED = 1024;

  /**
   * The last answer.
   *
   * @param minedSpends the watched outputs that are spent in a block, and at which height
   */
  record Look(
      Instant at, BlockHeight tip, Feerate feerate, Map<OutPoint, BlockHeight> minedSpends) {
    Look {
      minedSpends = Map.copyOf(minedSpends);
    }
  }

  private final TipChain chain;
  private final Freshness clock;
  private volatile Optional<Look> last = Optional.empty();
  private volatile Optional<ChainTip> tip = Optional.empty();

  SeenChain(TipChain chain, InstantSource clock) {
    this.chain = chain;
    this.clock = new Freshness(Optional.empty(), clock);
  }

  /** What the watch last saw; empty before the chain first answered. */
  Optional<Look> last() {
    return last;
  }

  /** Of the best block when the chain last answered. */
  Optional<BlockHeight> height() {
    return last.map(Look::tip);
  }

  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    ChainView view = chain.view(outputs, transactions);
    remember(outputs, view);
    if (tip.filter(known -> known.height().equals(view.tip())).isEmpty()) {
      tip = Optional.of(chain.tip());
    }
    return view;
  }

  private synchronized void remember(Set<OutPoint> outputs, ChainView view) {
    Map<OutPoint, BlockHeight> spends = new HashMap<>();
    last.map(Look::minedSpends)
        .filter(known -> known.size() < REMEMBERED)
        .ifPresent(spends::putAll);
    outputs.forEach(spends::remove);
    view.spends()
        .forEach(
            (output, spend) -> spend.minedAt().ifPresent(height -> spends.put(output, height)));
    last = Optional.of(new Look(clock.clock().instant(), view.tip(), view.feerate(), spends));
  }

  /** {@inheritDoc} The clock is behind the last block's time; it may be set at any moment. */
  @Override
  public Optional<String> doubt() {
    return tip.filter(last -> clock.behind(last.time()).isPresent())
        .map(
            last ->
                "this machine's clock is wrong: block %d was made at %s, which it takes for the future: set it (timedatectl)"
                    .formatted(last.height().value(), last.time()));
  }

  @Override
  public BlockHash genesis() {
    return chain.genesis();
  }

  @Override
  public void broadcast(Transaction transaction) {
    chain.broadcast(transaction);
  }

  @Override
  public void broadcast(List<Transaction> transactions) {
    chain.broadcast(transactions);
  }

  @Override
  public AutoCloseable onChange(Runnable listener) {
    return chain.onChange(listener);
  }

  @Override
  public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {
    chain.expect(outputs, transactions);
  }
}
