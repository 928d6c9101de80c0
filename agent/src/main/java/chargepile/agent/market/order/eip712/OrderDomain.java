package chargepile.agent.market.order.eip712;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;

/**
 * The order book that a signature is for, on its chain: for another one, or as another type of
 * message, it is nobody's.
 *
 * @param chainId 0 or more
 */
public record OrderDomain(long chainId, EvmAddress book) {
  private static final String NAME = "Chargepile Orders";

  public OrderDomain {
    if (chainId < 0) {
      throw new IllegalArgumentException("a chain id below zero: " + chainId);
    }
  }

  /** What is signed for a message. */
  public ByteVector32 digest(OrderMessage message) {
    return Eip712.digest(NAME, chainId, book, message.structHash());
  }

  public EvmSignature sign(Signer signer, OrderMessage message, PrivateKey key) {
    return EvmSignature.sign(signer, digest(message), key);
  }

  /** Whether a signature on a message is of {@code party}. */
  public boolean isSigned(
      Signer signer, OrderMessage message, EvmSignature signature, EvmAddress party) {
    return signature.signer(signer, digest(message)).filter(party::equals).isPresent();
  }
}
