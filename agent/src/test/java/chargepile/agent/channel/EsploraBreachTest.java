package chargepile.agent.channel;

import chargepile.agent.chain.bitcoind.RegtestEsplora;
import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.chain.esplora.DrivenEsplora;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class EsploraBreachTest extends BreachContract {
  private static RegtestNode node;
  private static RegtestEsplora esplora;

  EsploraBreachTest() {
    super(new DrivenEsplora(node, esplora));
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(2001, 2005);
  }

  /** A node drops a transaction only by a restart, which takes seconds. */
  @Override
  boolean evicts() {
    return false;
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
