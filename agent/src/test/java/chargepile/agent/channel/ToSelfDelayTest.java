package chargepile.agent.channel;

import chargepile.agent.chain.embedded.DrivenEmbeddedChain;

class ToSelfDelayTest extends ToSelfDelayContract {
  ToSelfDelayTest() {
    super(DrivenEmbeddedChain.create());
  }
}
