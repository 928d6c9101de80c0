package chargepile.agent.runtime;

import chargepile.agent.crypto.AccountKey;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.crypto.IdentityShare;
import chargepile.agent.crypto.MeterKey;
import chargepile.agent.crypto.NodeKey;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;

/** The keys that follow from a node's seed. */
public final class NodeKeys {
  private final ByteVector32 seed;
  private final Signer signer;
  private final PrivateKey nodeKey;
  private final PublicKey nodeId;

  public NodeKeys(ByteVector32 seed, Signer signer) {
    this.seed = seed;
    this.signer = signer;
    nodeKey = NodeKey.derive(seed);
    nodeId = signer.publicKey(nodeKey);
  }

  /** 32 secret bytes; whoever has them has the money. */
  public ByteVector32 seed() {
    return seed;
  }

  public Signer signer() {
    return signer;
  }

  /** The node's identity; it never holds money. */
  public PrivateKey nodeKey() {
    return nodeKey;
  }

  public PublicKey nodeId() {
    return nodeId;
  }

  /** What the meter's records are signed with. */
  PrivateKey meterKey() {
    return MeterKey.derive(seed);
  }

  public PublicKey meterId() {
    return signer.publicKey(meterKey());
  }

  /** The key of the node's account on EVM chains; it holds money. */
  public PrivateKey accountKey() {
    return AccountKey.derive(seed);
  }

  /** The share of the identity key that no key generation centre knows. */
  public Zq identityShare() {
    return IdentityShare.derive(seed);
  }

  ChannelKeys channel(long keyIndex) {
    return ChannelKeys.derive(seed, keyIndex);
  }

  @Override
  public String toString() {
    return "NodeKeys of " + nodeId;
  }
}
