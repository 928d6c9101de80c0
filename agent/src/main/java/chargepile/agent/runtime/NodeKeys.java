package chargepile.agent.runtime;

import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.NodeKey;
import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;

/**
 * The keys that follow from a node's seed.
 *
 * @param seed 32 secret bytes; whoever has them has the money
 */
public record NodeKeys(ByteVector32 seed, Signer signer) {
  /** The node's identity; it never holds money. */
  public PrivateKey nodeKey() {
    return NodeKey.derive(seed);
  }

  public PublicKey nodeId() {
    return signer.publicKey(nodeKey());
  }

  ChannelKeys channel(long keyIndex) {
    return ChannelKeys.derive(seed, keyIndex);
  }

  @Override
  public String toString() {
    return "NodeKeys of " + nodeId();
  }
}
