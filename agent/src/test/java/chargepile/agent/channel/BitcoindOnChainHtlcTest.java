package chargepile.agent.channel;

import chargepile.agent.chain.bitcoind.DrivenNode;
import chargepile.agent.chain.bitcoind.RegtestNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class BitcoindOnChainHtlcTest extends OnChainHtlcContract {
  private static RegtestNode node;

  BitcoindOnChainHtlcTest() {
    super(new DrivenNode(node));
  }

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
}
