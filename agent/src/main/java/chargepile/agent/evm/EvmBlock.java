package chargepile.agent.evm;

import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;

/**
 * The head of a block.
 *
 * @param number 0 in the genesis block
 * @param baseFee what a unit of gas costs at least in it (EIP-1559)
 */
public record EvmBlock(
    long number, ByteVector32 hash, ByteVector32 parent, Instant time, Wei baseFee) {
  @Override
  public String toString() {
    return "block %d (0x%s…)".formatted(number, hash.toHex().substring(0, 12));
  }
}
