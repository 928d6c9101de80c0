package chargepile.agent.evm;

import java.time.Instant;

/** Times of the chain, which nodes and peers name as they like. */
public final class ChainTime {
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private ChainTime() {}

  /** Of Unix seconds; what lies beyond the year 9999 is told as its end. */
  public static Instant instant(long seconds) {
    return Instant.ofEpochSecond(Math.clamp(seconds, 0, LATEST.getEpochSecond()));
  }
}
