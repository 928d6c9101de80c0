package chargepile.agent.sim;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.ChainException;
import chargepile.agent.channel.ChainView;
import fr.acinq.bitcoin.BlockHash;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.Transaction;
import fr.acinq.bitcoin.TxId;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The chain as one program sees it: out of reach at times, and killed around broadcasts. */
final class FragileChain implements Chain {
  private final Program program;
  private final Chain chain;
  private final BooleanSupplier outOfReach;
  private final Consumer<Transaction> published;

  /**
   * @param published hears what the program publishes, before the chain does
   */
  FragileChain(
      Program program, Chain chain, BooleanSupplier outOfReach, Consumer<Transaction> published) {
    this.program = program;
    this.chain = chain;
    this.outOfReach = outOfReach;
    this.published = published;
  }

  @Override
  public BlockHash genesis() {
    return chain.genesis();
  }

  @Override
  public ChainView view(Set<OutPoint> outputs, Set<TxId> transactions) {
    requireReach();
    return program.ask(() -> chain.view(outputs, transactions));
  }

  @Override
  public void broadcast(Transaction transaction) {
    requireReach();
    published.accept(transaction);
    program.act(() -> chain.broadcast(transaction));
  }

  @Override
  public void broadcast(List<Transaction> dependent) {
    requireReach();
    dependent.forEach(published);
    program.act(() -> chain.broadcast(dependent));
  }

  @Override
  public void expect(Set<OutPoint> outputs, Set<TxId> transactions) {
    program.ask(
        () -> {
          chain.expect(outputs, transactions);
          return true;
        });
  }

  @Override
  public AutoCloseable onChange(Runnable listener) {
    return chain.onChange(
        () -> {
          if (!program.isDead()) {
            listener.run();
          }
        });
  }

  private void requireReach() {
    if (outOfReach.getAsBoolean()) {
      throw new ChainException("no route to the node");
    }
  }
}
