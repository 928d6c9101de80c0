package chargepile.agent.runtime;

import chargepile.agent.market.desk.Desk;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The market that a node trades on by itself.
 *
 * @param desk decides what to do
 * @param thread waits for the chain, one task at a time; another than that of the node's channels,
 *     so that reading a market never delays a challenge
 * @param observer is told what every look came to, on the mailbox's thread
 * @param clock by which the chain's is judged, quickly told; empty: the node's. Of use where a
 *     chain's time is told it
 */
public record Market(
    MarketLedger ledger,
    Desk desk,
    MarketMemory memory,
    Executor thread,
    Consumer<MarketReport> observer,
    Optional<InstantSource> clock) {
  /** One whose chain is judged by the node's clock. */
  public Market(
      MarketLedger ledger,
      Desk desk,
      MarketMemory memory,
      Executor thread,
      Consumer<MarketReport> observer) {
    this(ledger, desk, memory, thread, observer, Optional.empty());
  }
}
