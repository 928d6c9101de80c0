package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import java.util.Optional;

/**
 * What became of a transaction in a block.
 *
 * @param contract what it created
 * @param price what a unit of gas cost
 */
public record EvmReceipt(
    ByteVector32 transaction,
    long block,
    ByteVector32 blockHash,
    boolean success,
    Optional<EvmAddress> contract,
    long gasUsed,
    Wei price,
    List<EvmLog> logs) {
  public EvmReceipt {
    logs = List.copyOf(logs);
  }
}
