package chargepile.agent.evm;

import java.util.List;

/**
 * Where decided transactions are kept over restarts. It belongs to one account on one chain; {@link
 * OutboxCodec} gives the bytes of an entry. Used by one thread at a time.
 */
public interface EvmOutbox {
  /** All that was saved and not forgotten, by nonce. */
  List<OutboxEntry> entries();

  /**
   * Keeps an entry instead of the one with its key. On return it is on disk: a transaction is sent
   * only then, so that no nonce is ever used for two things.
   */
  void save(OutboxEntry entry);

  /** Drops an entry that is finished, if it is there. */
  void forget(String key);
}
