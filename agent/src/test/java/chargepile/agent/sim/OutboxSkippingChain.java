package chargepile.agent.sim;

import chargepile.agent.chain.Chain;
import chargepile.agent.channel.ChainView;
import fr.acinq.bitcoin.Transaction;
import java.util.List;

/** Takes every transaction of the outbox for sent, and sends none. */
final class OutboxSkippingChain extends OtherChain {
  OutboxSkippingChain(Chain chain) {
    super(chain);
  }

  @Override
  ChainView seen(ChainView view) {
    return view;
  }

  @Override
  public void broadcast(Transaction transaction) {
    // the bug
  }

  @Override
  public void broadcast(List<Transaction> dependent) {
    // the bug
  }
}
