package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.PackageContract;
import chargepile.agent.chain.Purse;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The node's mempool is the smallest that it allows, and was filled once. */
class BitcoindPackageTest extends PackageContract {
  private static final FeerateBounds BOUNDS =
      new FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(1000), new Feerate(1000));

  private static RegtestNode node;
  private BitcoindChain chain;

  @BeforeAll
  static void startNode() {
    node = RegtestNode.start(FullMempool.FLAGS);
    FullMempool.fill(node);
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  @BeforeEach
  void open() {
    // Empties the mempool; what it asks for stays, and falls by half in hours.
    node.mine(1);
    chain = new BitcoindChain(node.endpoint(), Network.REGTEST, BOUNDS, Optional.empty());
  }

  @AfterEach
  void close() {
    chain.close();
  }

  @Override
  protected Chain chain() {
    return chain;
  }

  @Override
  protected void mine(int blocks) {
    node.mine(blocks);
  }

  @Override
  protected OutPoint fund(Satoshi amount, Purse owner) {
    return node.fund(owner.script(), amount);
  }
}
