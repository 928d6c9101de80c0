package chargepile.agent.runtime;

import java.util.Optional;

/** Where a desk keeps what it must remember over restarts. Used on the node's mailbox. */
public interface MarketMemory {
  /** What was saved last; empty before the first time. */
  Optional<byte[]> load();

  /** On return it is on disk. */
  void save(byte[] remembered);
}
