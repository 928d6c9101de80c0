package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Set;

/**
 * Which logs are asked for.
 *
 * @param contracts at least one
 * @param signatures of the events; empty: all
 */
public record LogFilter(Set<EvmAddress> contracts, Set<ByteVector32> signatures) {
  public LogFilter {
    contracts = Set.copyOf(contracts);
    signatures = Set.copyOf(signatures);
    if (contracts.isEmpty()) {
      throw new IllegalArgumentException("logs of no contract were asked for");
    }
  }

  public static LogFilter of(EvmAddress... contracts) {
    return new LogFilter(Set.of(contracts), Set.of());
  }

  boolean fits(EvmLog log) {
    return contracts.contains(log.contract())
        && (signatures.isEmpty()
            || (!log.topics().isEmpty() && signatures.contains(log.topics().getFirst())));
  }
}
