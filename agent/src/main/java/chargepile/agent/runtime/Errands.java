package chargepile.agent.runtime;

import chargepile.agent.session.leg.LegAction;
import chargepile.agent.store.Snapshot;
import fr.acinq.bitcoin.PublicKey;
import java.util.concurrent.Executor;

/** What a node's channels want of their ledger. Belongs to the node's mailbox, and never waits. */
interface Errands {
  /**
   * Begins what the channel with a peer asks for.
   *
   * @param commit the number of the commit that holds what is to be published
   */
  void run(long commit, PublicKey peer, LegAction.Errand errand);

  /** Looks at the ledger for every channel. */
  void look();

  /** Publishes what may not have reached the ledger in the last run; before all else. */
  void resume(Snapshot snapshot);

  /** Begins to look at the ledger, now that it is known what all channels watch. */
  void begin();

  /** Whether nothing is being asked. */
  boolean isIdle();

  /** Asks nothing more by itself. */
  void close();

  /**
   * Those of a node.
   *
   * @param thread waits for the ledger, one task at a time
   */
  static Errands on(
      NodeLedger ledger,
      NodeStore store,
      Executor thread,
      Executor mailbox,
      Time time,
      ChainReports reports) {
    return switch (ledger) {
      case NodeLedger.Bitcoin on ->
          new BitcoinErrands(on.chain(), on.wallet(), store, thread, mailbox, time, reports);
      case NodeLedger.Evm on -> new VoucherErrands(on.ledger(), thread, mailbox, time, reports);
    };
  }
}
