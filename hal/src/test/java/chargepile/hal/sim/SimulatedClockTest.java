package chargepile.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SimulatedClockTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final SimulatedClock clock = new SimulatedClock(START);
  private final List<String> fired = new ArrayList<>();

  @Test
  void timeStandsStillUntilStepped() {
    clock.schedule(Duration.ofSeconds(3), () -> fired.add("a"));

    assertEquals(START, clock.instant());
    assertEquals(OptionalLong.of(3_000_000_000L), clock.nextNanos());
    assertTrue(clock.step());
    assertEquals(START.plusSeconds(3), clock.instant());
    assertEquals(List.of("a"), fired);
    assertFalse(clock.step(), "nothing is scheduled any more");
    assertEquals(START.plusSeconds(3), clock.instant());
  }

  @Test
  void timersFireByTimeThenByScheduling() {
    clock.schedule(Duration.ofSeconds(2), () -> fired.add("late"));
    clock.schedule(Duration.ofSeconds(1), () -> fired.add("first"));
    clock.schedule(Duration.ofSeconds(1), () -> fired.add("second"));

    clock.advance(Duration.ofSeconds(1));
    assertEquals(List.of("first", "second"), fired);
    clock.advance(Duration.ofSeconds(10));
    assertEquals(List.of("first", "second", "late"), fired);
    assertEquals(11_000_000_000L, clock.nanos());
  }

  @Test
  void aTimerSeesItsOwnTimeAndMaySchedule() {
    clock.schedule(
        Duration.ofSeconds(1),
        () -> {
          fired.add("at " + clock.nanos());
          clock.schedule(Duration.ofSeconds(1), () -> fired.add("at " + clock.nanos()));
        });

    clock.advance(Duration.ofSeconds(2));

    assertEquals(List.of("at 1000000000", "at 2000000000"), fired);
  }

  @Test
  void aCancelledTimerDoesNotFire() {
    SimulatedClock.Timer timer = clock.schedule(Duration.ofSeconds(1), () -> fired.add("a"));

    timer.cancel();
    timer.cancel();

    assertFalse(clock.step());
    assertEquals(List.of(), fired);
  }

  @Test
  void aTimerOfThePastFiresNow() {
    clock.advance(Duration.ofSeconds(5));
    clock.schedule(Duration.ofSeconds(-1), () -> fired.add("at " + clock.nanos()));

    assertTrue(clock.step());

    assertEquals(List.of("at 5000000000"), fired);
  }
}
