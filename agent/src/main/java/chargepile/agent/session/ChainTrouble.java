package chargepile.agent.session;

import java.time.Instant;

/**
 * The chain can't be watched, or takes no transactions.
 *
 * @param reason what is the matter now and what to do, for people
 * @param since when it could last, or when the program was started
 * @param sinceNanos the same by the monotonic clock
 */
public record ChainTrouble(String reason, Instant since, long sinceNanos) {}
