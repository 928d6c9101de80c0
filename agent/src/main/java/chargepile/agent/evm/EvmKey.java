package chargepile.agent.evm;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;

/** The key of an account. It signs transactions; so does nobody else for the same account. */
public final class EvmKey {
  private final PrivateKey key;
  private final Signer signer;
  private final EvmAddress address;

  public EvmKey(PrivateKey key, Signer signer) {
    this.key = key;
    this.signer = signer;
    this.address = EvmSignature.address(signer.publicKey(key));
  }

  public EvmAddress address() {
    return address;
  }

  EvmSignature sign(ByteVector32 digest) {
    return EvmSignature.sign(signer, digest, key);
  }

  /** The address: no key. */
  @Override
  public String toString() {
    return address.toString();
  }
}
