package chargepile.agent.chain.embedded;

import chargepile.agent.chain.DrivenChain;
import chargepile.agent.chain.WalletFeeContract;

class EmbeddedWalletFeeTest extends WalletFeeContract {
  @Override
  protected DrivenChain open() {
    return DrivenEmbeddedChain.create();
  }
}
