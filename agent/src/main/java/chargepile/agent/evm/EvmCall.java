package chargepile.agent.evm;

import fr.acinq.bitcoin.ByteVector;
import java.util.Optional;

/**
 * A call that is only tried.
 *
 * @param to empty: a contract is created
 */
public record EvmCall(EvmAddress from, Optional<EvmAddress> to, ByteVector data, Wei value) {
  /** A question to a contract, from nobody in particular. */
  public static EvmCall question(EvmAddress contract, ByteVector data) {
    return new EvmCall(EvmAddress.ZERO, Optional.of(contract), data, Wei.ZERO);
  }
}
