package chargepile.agent.session;

import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;

/**
 * When an event happened, and fresh randomness to go with it.
 *
 * @param wall for people and documents only; it may jump by years
 * @param monotonicNanos the clock that durations and the edges' time stamps are measured by
 * @param entropy 32 random bytes, drawn for this event alone
 */
public record Moment(Instant wall, long monotonicNanos, ByteVector32 entropy) {}
