package chargepile.agent.voucher.eip712;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;

/**
 * The contract that a signature is for, on its chain (EIP-712's domain): under another contract,
 * another chain or another type of message it is nobody's.
 *
 * @param chainId 0 or more
 */
public record Domain(long chainId, EvmAddress contract) {
  private static final String NAME = "Chargepile Voucher";

  public Domain {
    if (chainId < 0) {
      throw new IllegalArgumentException("a chain id below zero: " + chainId);
    }
  }

  /** {@code domainSeparator}. */
  public ByteVector32 separator() {
    return Eip712.separator(NAME, chainId, contract);
  }

  /** What is signed for a message. */
  public ByteVector32 digest(TypedMessage message) {
    return Eip712.digest(NAME, chainId, contract, message.structHash());
  }

  public EvmSignature sign(Signer signer, TypedMessage message, PrivateKey key) {
    return EvmSignature.sign(signer, digest(message), key);
  }

  /** Whether a signature on a message is of {@code party}. */
  public boolean isSigned(
      Signer signer, TypedMessage message, EvmSignature signature, EvmAddress party) {
    return signature.signer(signer, digest(message)).filter(party::equals).isPresent();
  }
}
