package chargepile.agent.channel;

import chargepile.agent.chain.embedded.DrivenEmbeddedChain;

class ChannelLifeTest extends ChannelLifeContract {
  ChannelLifeTest() {
    super(DrivenEmbeddedChain.create());
  }
}
