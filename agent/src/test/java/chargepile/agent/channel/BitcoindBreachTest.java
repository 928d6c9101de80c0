package chargepile.agent.channel;

import chargepile.agent.chain.bitcoind.DrivenNode;
import chargepile.agent.chain.bitcoind.RegtestNode;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class BitcoindBreachTest extends BreachContract {
  private static RegtestNode node;

  BitcoindBreachTest() {
    super(new DrivenNode(node));
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1001, 1020);
  }

  /** A node drops a transaction only by a restart, which takes seconds. */
  @Override
  boolean evicts() {
    return false;
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
