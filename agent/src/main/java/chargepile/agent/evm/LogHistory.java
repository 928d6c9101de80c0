package chargepile.agent.evm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Logs of the past, read in as many questions as a node wants. */
final class LogHistory {
  /** What providers let one ask for at once, at least. */
  private static final long MOST_BLOCKS = 1000;

  private LogHistory() {}

  /**
   * The logs from one block to another, both included, in their order.
   *
   * @throws EvmException also when the node refuses to tell those of a single block
   */
  static List<EvmLog> read(EvmNode node, LogFilter filter, long first, long last) {
    List<EvmLog> all = new ArrayList<>();
    long chunk = MOST_BLOCKS;
    for (long from = first; from <= last; ) {
      long to = Math.min(last, from + chunk - 1);
      try {
        node.logs(filter, from, to).stream()
            .sorted(Comparator.comparingLong(EvmLog::block).thenComparingInt(EvmLog::index))
            .forEach(all::add);
        from = to + 1;
        chunk = Math.min(MOST_BLOCKS, 2 * chunk);
      } catch (RefusedByNodeException e) {
        if (chunk == 1) {
          throw e;
        }
        chunk = Math.max(1, chunk / 4);
      }
    }
    return all;
  }
}
