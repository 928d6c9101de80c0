package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;

/** The key that signs a pile's meter records, and nothing else; it never holds money. */
public final class MeterKey {
  private MeterKey() {}

  public static PrivateKey derive(ByteVector32 seed) {
    return SecretDerivation.key(seed, "meter");
  }
}
