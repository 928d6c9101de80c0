package chargepile.agent.chain.esplora;

import chargepile.agent.chain.Chain;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.PackageContract;
import chargepile.agent.chain.Purse;
import chargepile.agent.chain.bitcoind.FullMempool;
import chargepile.agent.chain.bitcoind.RegtestEsplora;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A node whose mempool was filled once, behind an Esplora server. */
class EsploraPackageTest extends PackageContract {
  private static RegtestNode node;
  private static RegtestEsplora esplora;
  private EsploraChain chain;

  @BeforeAll
  static void startNode() {
    node = RegtestNode.start(FullMempool.FLAGS);
    esplora = new RegtestEsplora(node);
    FullMempool.fill(node);
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      esplora.close();
      node.close();
    }
  }

  @BeforeEach
  void open() {
    node.mine(1);
    chain = new EsploraChain(new Server(esplora.url()), Network.REGTEST, FeerateBounds.DEFAULT);
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
