package chargepile.agent.identity;

import chargepile.agent.crypto.AccountKey;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;

/**
 * s, the secret of a key generation centre (P1-07): whoever has it can issue and certify anything.
 * {@link #toString} doesn't show it.
 */
public record MasterKey(Zq secret) {
  public MasterKey {
    if (secret.isZero()) {
      throw new IllegalArgumentException("the master key 0 is no key");
    }
  }

  /**
   * A key from random bytes.
   *
   * @param entropy {@link Zq#UNIFORM_BYTES} or more bytes that nobody knows
   */
  public static MasterKey generate(byte[] entropy) {
    return new MasterKey(Zq.reduce(entropy));
  }

  /** Throws {@link IllegalArgumentException} when it is no scalar of 1 to q-1. */
  public static MasterKey decode(ByteVector32 bytes) {
    return new MasterKey(Zq.decode(bytes));
  }

  /** The secret itself: to be sealed before it is stored. */
  public ByteVector32 encode() {
    return secret.encode();
  }

  /** The centre's key on EVM chains. It signs certificates for registries, and never has money. */
  PrivateKey account() {
    return AccountKey.derive(secret.encode());
  }

  public KgcParameters parameters(PartyId name, Pairing pairing) {
    return new KgcParameters(name, pairing.publicKey(secret));
  }
}
