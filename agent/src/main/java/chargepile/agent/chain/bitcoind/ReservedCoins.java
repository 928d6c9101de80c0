package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import fr.acinq.bitcoin.OutPoint;
import java.util.Set;

/**
 * Where a wallet writes down which of the node's coins it has reserved. The node keeps a
 * reservation for as long as it runs itself, which may be long after the program was killed.
 */
public interface ReservedCoins {
  /** For a program whose node ends with it. */
  ReservedCoins UNKEPT =
      new ReservedCoins() {
        @Override
        public Set<OutPoint> load() {
          return Set.of();
        }

        @Override
        public void save(Set<OutPoint> coins) {}
      };

  /**
   * What was saved last; nothing before the first time.
   *
   * @throws ChainException when it can't be read
   */
  Set<OutPoint> load();

  /**
   * Durable when it returns.
   *
   * @throws ChainException when it can't be written; what was saved before is unchanged
   */
  void save(Set<OutPoint> coins);
}
