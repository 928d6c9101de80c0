package chargepile.agent.sim;

import chargepile.agent.chain.Chain;
import chargepile.agent.channel.ChainView;
import fr.acinq.bitcoin.OutPoint;
import java.util.HashMap;
import java.util.Map;

/** Does not see what the other side publishes before it is deep in the chain. */
final class BlindChain extends OtherChain {
  private static final int DEEP = Party.TO_SELF_DELAY + 2;

  BlindChain(Chain chain) {
    super(chain);
  }

  @Override
  ChainView seen(ChainView view) {
    Map<OutPoint, ChainView.Spend> deep = new HashMap<>(view.spends());
    deep.values().removeIf(spend -> spend.depthAt(view.tip()) < DEEP);
    return new ChainView(view.tip(), view.feerate(), view.outputs(), deep, view.mined());
  }
}
