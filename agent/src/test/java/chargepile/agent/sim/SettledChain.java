package chargepile.agent.sim;

import chargepile.agent.chain.Chain;
import chargepile.agent.channel.ChainView;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.TxId;
import java.util.HashMap;
import java.util.Map;

/** Says for ever of what it once saw in a block that it is there. */
final class SettledChain extends OtherChain {
  private final Map<OutPoint, ChainView.Spend> spends = new HashMap<>();
  private final Map<TxId, BlockHeight> mined = new HashMap<>();

  SettledChain(Chain chain) {
    super(chain);
  }

  @Override
  ChainView seen(ChainView view) {
    view.spends()
        .forEach(
            (output, spend) -> {
              if (spend.minedAt().isPresent()) {
                spends.putIfAbsent(output, spend);
              }
            });
    view.mined().forEach(mined::putIfAbsent);
    Map<OutPoint, ChainView.Spend> seen = new HashMap<>(view.spends());
    seen.putAll(spends);
    return new ChainView(view.tip(), view.feerate(), view.outputs(), seen, mined);
  }
}
