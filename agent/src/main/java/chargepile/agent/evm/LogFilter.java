package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Set;

/**
 * Which logs are asked for.
 *
 * @param contracts at least one
 * @param signatures of the events; empty: all
 * @param subjects the events' first indexed arguments; empty: whatever they are
 */
public record LogFilter(
    Set<EvmAddress> contracts, Set<ByteVector32> signatures, Set<ByteVector32> subjects) {
  public LogFilter {
    contracts = Set.copyOf(contracts);
    signatures = Set.copyOf(signatures);
    subjects = Set.copyOf(subjects);
    if (contracts.isEmpty()) {
      throw new IllegalArgumentException("logs of no contract were asked for");
    }
    if (signatures.isEmpty() && !subjects.isEmpty()) {
      throw new IllegalArgumentException("the subjects of all events were asked for");
    }
  }

  /** Of some events, whatever they are about. */
  public LogFilter(Set<EvmAddress> contracts, Set<ByteVector32> signatures) {
    this(contracts, signatures, Set.of());
  }

  public static LogFilter of(EvmAddress... contracts) {
    return new LogFilter(Set.of(contracts), Set.of());
  }

  boolean fits(EvmLog log) {
    return contracts.contains(log.contract())
        && (signatures.isEmpty()
            || (!log.topics().isEmpty() && signatures.contains(log.topics().getFirst())))
        && (subjects.isEmpty()
            || (log.topics().size() > 1 && subjects.contains(log.topics().get(1))));
  }
}
