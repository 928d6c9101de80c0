package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;

/** The key of a party's account on EVM chains: it signs vouchers and transactions. */
public final class AccountKey {
  private AccountKey() {}

  public static PrivateKey derive(ByteVector32 seed) {
    return SecretDerivation.key(seed, "account");
  }
}
