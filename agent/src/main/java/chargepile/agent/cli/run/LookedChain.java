package chargepile.agent.cli.run;

import chargepile.agent.chain.Chain;
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
 * A chain that remembers what the watch last saw in it, so that this can be shown without asking
 * the chain again. Thread-safe.
 */
final class LookedChain implements Chain {
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

  private final Chain chain;
  private final InstantSource clock;
  private volatile Optional<Look> last = Optional.empty();

  LookedChain(Chain chain, InstantSource clock) {
    this.chain = chain;
    this.clock = clock;
  }

  /** What the watch last saw; empty before the chain first answered. */
  Optional<Look> last() {
    return last;
  }

  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    ChainView view = chain.view(outputs, transactions);
    remember(outputs, view);
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
    last = Optional.of(new Look(clock.instant(), view.tip(), view.feerate(), spends));
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
