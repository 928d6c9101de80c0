package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;

/** The key by which a pile or driver is known to its peers (BOLT 8); it never holds money. */
public final class NodeKey {
  private NodeKey() {}

  public static PrivateKey derive(ByteVector32 seed) {
    return SecretDerivation.key(seed, "node");
  }
}
