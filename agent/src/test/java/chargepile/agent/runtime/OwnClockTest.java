package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** A chain of a time to come is not acted upon; one that lags behind is. */
class OwnClockTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final OwnClock clock = new OwnClock(InstantSource.fixed(NOW), new ToldOnce());

  @Test
  void someMinutesAreNoDifference() {
    assertTrue(clock.believes(NOW));
    assertTrue(clock.believes(NOW.plus(Duration.ofMinutes(5))));
    assertFalse(clock.believes(NOW.plus(Duration.ofMinutes(5)).plusSeconds(1)));
    assertTrue(clock.believes(NOW));
  }

  @Test
  void aChainThatStandsStillIsBelieved() {
    assertTrue(clock.believes(NOW.minus(Duration.ofDays(1))));
  }
}
