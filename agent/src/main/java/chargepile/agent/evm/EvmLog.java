package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;

/**
 * What a contract logged.
 *
 * @param topics the event's signature first, then what is indexed; 4 at most
 * @param index in its block
 */
public record EvmLog(
    EvmAddress contract,
    List<ByteVector32> topics,
    ByteVector data,
    long block,
    ByteVector32 blockHash,
    ByteVector32 transaction,
    int index) {
  public EvmLog {
    topics = List.copyOf(topics);
  }
}
