package chargepile.agent.channel;

import chargepile.agent.chain.bitcoind.RegtestEsplora;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.chain.esplora.DrivenEsplora;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class EsploraOnChainHtlcTest extends OnChainHtlcContract {
  private static RegtestNode node;
  private static RegtestEsplora esplora;

  EsploraOnChainHtlcTest() {
    super(new DrivenEsplora(node, esplora));
  }

  @BeforeAll
  static void startNode() {
    node = RegtestNode.start();
    esplora = new RegtestEsplora(node);
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      esplora.close();
      node.close();
    }
  }
}
