package chargepile.agent.evm.market;

/**
 * Where the trading cycles stand (P1-03, P1-42).
 *
 * @param cycle the number of the current one
 * @param round of it, from 0
 * @param quotesStandStill whether the round is being matched
 */
public record MarketClock(long cycle, int round, boolean quotesStandStill) {}
