package chargepile.agent.sim;

import chargepile.agent.chain.Chain;
import chargepile.agent.channel.ChainView;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.List;
import java.util.Set;

/** A chain that hands everything on but sees otherwise. */
abstract class OtherChain implements Chain {
  private final Chain chain;

  OtherChain(Chain chain) {
    this.chain = chain;
  }

  abstract ChainView seen(ChainView view);

  @Override
  public BlockHash genesis() {
    return chain.genesis();
  }

  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    return seen(chain.view(outputs, transactions));
  }

  @Override
  public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {
    chain.expect(outputs, transactions);
  }

  @Override
  public void broadcast(Transaction transaction) {
    chain.broadcast(transaction);
  }

  @Override
  public void broadcast(List<Transaction> dependent) {
    chain.broadcast(dependent);
  }

  @Override
  public AutoCloseable onChange(Runnable listener) {
    return chain.onChange(listener);
  }
}
