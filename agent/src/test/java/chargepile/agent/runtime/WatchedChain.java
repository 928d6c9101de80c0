package chargepile.agent.runtime;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.channel.ChainView;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A chain as one node sees it: it tells of broadcasts, and may be out of reach. */
final class WatchedChain implements Chain {
  private final Chain chain;
  private final Consumer<String> log;
  volatile boolean outOfReach;

  /** What speaks against it although it answers. */
  volatile Optional<String> doubt = Optional.empty();

  /** How often it was asked out of reach. */
  final AtomicInteger refused = new AtomicInteger();

  /**
   * @param log hears "broadcast" and the transaction's id
   */
  WatchedChain(Chain chain, Consumer<String> log) {
    this.chain = chain;
    this.log = log;
  }

  @Override
  public BlockHash genesis() {
    return chain.genesis();
  }

  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    requireReach();
    return chain.view(outputs, transactions);
  }

  @Override
  public void broadcast(Transaction transaction) {
    requireReach();
    log.accept("broadcast " + transaction.txid);
    chain.broadcast(transaction);
  }

  @Override
  public void broadcast(List<Transaction> transactions) {
    requireReach();
    transactions.forEach(member -> log.accept("broadcast " + member.txid));
    chain.broadcast(transactions);
  }

  @Override
  public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {
    chain.expect(outputs, transactions);
  }

  @Override
  public AutoCloseable onChange(Runnable listener) {
    return chain.onChange(listener);
  }

  @Override
  public Optional<String> doubt() {
    return doubt;
  }

  private void requireReach() {
    if (outOfReach) {
      refused.incrementAndGet();
      throw new ChainException("no route to the node");
    }
  }
}
