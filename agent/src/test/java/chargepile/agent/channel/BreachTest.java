package chargepile.agent.channel;

import chargepile.agent.chain.embedded.DrivenEmbeddedChain;
import java.util.stream.LongStream;

class BreachTest extends BreachContract {
  BreachTest() {
    super(DrivenEmbeddedChain.create());
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }
}
