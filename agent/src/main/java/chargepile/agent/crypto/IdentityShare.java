package chargepile.agent.crypto;

import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector32;

/**
 * x_user, the share of an identity key that its owner makes and no key generation centre knows
 * (P1-09b). It follows from the seed, so whoever has kept the seed has kept the share.
 */
public final class IdentityShare {
  private IdentityShare() {}

  /** The share, 1 to q-1. */
  public static Zq derive(ByteVector32 seed) {
    for (int attempt = 0; ; attempt++) {
      byte[] uniform =
          SecretDerivation.bytes(seed, "identity share/%d/high".formatted(attempt))
              .concat(SecretDerivation.bytes(seed, "identity share/%d/low".formatted(attempt)))
              .toByteArray();
      Zq share = Zq.reduce(uniform);
      if (!share.isZero()) {
        return share;
      }
    }
  }
}
