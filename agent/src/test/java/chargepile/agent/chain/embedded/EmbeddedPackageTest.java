package chargepile.agent.chain.embedded;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.PackageContract;
import chargepile.agent.chain.Purse;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;

class EmbeddedPackageTest extends PackageContract {
  private final EmbeddedChain chain = new EmbeddedChain(() -> Instant.EPOCH, Runnable::run);

  @BeforeEach
  void fillMempool() {
    chain.mempoolMinimum(new Feerate(5300));
  }

  @Override
  protected Chain chain() {
    return chain;
  }

  @Override
  protected void mine(int blocks) {
    chain.mine(blocks);
  }

  @Override
  protected OutPoint fund(Satoshi amount, Purse owner) {
    return chain.fund(owner.script(), amount);
  }
}
