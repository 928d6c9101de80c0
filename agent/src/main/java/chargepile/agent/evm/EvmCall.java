package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import java.util.Optional;

/**
 * A call that is only tried.
 *
 * @param to empty: a contract is created
 */
public record EvmCall(EvmAddress from, Optional<EvmAddress> to, ByteVector data, Wei value) {
  private static final EvmAddress NOBODY = new EvmAddress(new ByteVector(new byte[20]));

  /** A question to a contract, from nobody in particular. */
  public static EvmCall question(EvmAddress contract, ByteVector data) {
    return new EvmCall(NOBODY, Optional.of(contract), data, Wei.ZERO);
  }
}
