package chargepile.agent.chain.embedded;

import fr.acinq.bitcoin.OutPoint;
import org.jspecify.annotations.Nullable;

/** A view of unspent outputs. */
@FunctionalInterface
interface Coins {
  @Nullable Coin coin(OutPoint outPoint);
}
