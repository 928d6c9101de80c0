package chargepile.agent.runtime;

import chargepile.agent.market.desk.Desk;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The market that a node trades on by itself.
 *
 * @param desk decides what to do
 * @param thread waits for the chain, one task at a time; another than that of the node's channels,
 *     so that reading a market never delays a challenge
 * @param observer is told what every look came to, on the mailbox's thread
 */
public record Market(
    MarketLedger ledger,
    Desk desk,
    MarketMemory memory,
    Executor thread,
    Consumer<MarketReport> observer) {}
