package chargepile.agent.channel;

import chargepile.agent.chain.embedded.DrivenEmbeddedChain;

class OnChainHtlcTest extends OnChainHtlcContract {
  OnChainHtlcTest() {
    super(DrivenEmbeddedChain.create());
  }
}
