package chargepile.agent.chain.esplora;

import chargepile.agent.chain.DrivenChain;
import chargepile.agent.chain.WalletFeeContract;
import chargepile.agent.chain.bitcoind.RegtestEsplora;
import chargepile.agent.chain.bitcoind.RegtestNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class EsploraWalletFeeTest extends WalletFeeContract {
  private static RegtestNode node;
  private static RegtestEsplora esplora;

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

  @Override
  protected DrivenChain open() {
    return new DrivenEsplora(node, esplora);
  }
}
