package chargepile.agent.channel;

import chargepile.agent.chain.embedded.DrivenEmbeddedChain;
import chargepile.agent.chain.embedded.EmbeddedChain;

/** The two parties on an embedded chain. */
final class ChannelPair extends TwoParties {
  final EmbeddedChain chain;

  ChannelPair() {
    this(DrivenEmbeddedChain.create());
  }

  private ChannelPair(DrivenEmbeddedChain ledger) {
    super(ledger);
    chain = ledger.chain();
  }
}
