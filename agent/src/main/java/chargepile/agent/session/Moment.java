package chargepile.agent.session;

import chargepile.agent.ocmf.ClockStatus;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;

/**
 * When an event happened, and fresh randomness to go with it.
 *
 * @param wall for people and documents only; it may jump by years
 * @param monotonicNanos the clock that durations and the edges' time stamps are measured by
 * @param entropy 32 random bytes, drawn for this event alone
 * @param clock what {@code wall} is worth
 */
public record Moment(Instant wall, long monotonicNanos, ByteVector32 entropy, ClockStatus clock) {
  /** One of which nobody knows what its wall clock is worth. */
  public Moment(Instant wall, long monotonicNanos, ByteVector32 entropy) {
    this(wall, monotonicNanos, entropy, ClockStatus.UNKNOWN);
  }
}
