package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.DrivenChain;
import chargepile.agent.chain.WalletFeeContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class BitcoindWalletFeeTest extends WalletFeeContract {
  private static RegtestNode node;

  @BeforeAll
  static void startNode() {
    node = RegtestNode.start();
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  @Override
  protected DrivenChain open() {
    return new DrivenNode(node);
  }
}
