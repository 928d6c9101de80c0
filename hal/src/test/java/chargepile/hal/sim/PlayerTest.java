package chargepile.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlayerTest {
  private final SimulatedClock clock = new SimulatedClock(Instant.EPOCH);
  private final CountDownLatch done = new CountDownLatch(1);

  @Test
  void asFastAsItGoesAWeekPassesAtOnce() throws InterruptedException {
    clock.schedule(Duration.ofDays(7), done::countDown);

    try (Player player = Player.start(clock, 0, () -> {})) {
      done.await();
      assertEquals(Instant.EPOCH.plus(Duration.ofDays(7)), clock.instant());
      assertSame(null, player.failure());
    }
  }

  @Test
  void itWaitsForSomeoneToScheduleSomething() throws InterruptedException {
    try (Player player = Player.start(clock, 0, () -> {})) {
      clock.schedule(Duration.ofDays(1), done::countDown);

      assertTrue(done.await(30, TimeUnit.SECONDS));
      assertSame(null, player.failure());
    }
  }

  @Test
  void theGateHoldsVirtualTime() throws InterruptedException {
    Semaphore tickets = new Semaphore(0);
    CountDownLatch first = new CountDownLatch(1);
    clock.schedule(Duration.ofSeconds(1), first::countDown);
    clock.schedule(Duration.ofSeconds(2), done::countDown);

    try (Player player = Player.start(clock, 0, tickets::acquire)) {
      assertEquals(0, clock.nanos());
      tickets.release();
      first.await();
      assertEquals(1_000_000_000L, clock.nanos(), "held before the second timer");
      assertEquals(1, done.getCount());
      tickets.release();
      done.await();
      assertSame(null, player.failure());
    }
  }

  @Test
  void atAPaceTimersComeInTheirOrder() throws InterruptedException {
    List<String> order = new CopyOnWriteArrayList<>();
    clock.schedule(
        Duration.ofSeconds(2),
        () -> {
          order.add("b");
          done.countDown();
        });
    clock.schedule(Duration.ofSeconds(1), () -> order.add("a"));

    try (Player player = Player.start(clock, 100, () -> {})) {
      done.await();
      assertEquals(List.of("a", "b"), order);
      assertSame(null, player.failure());
    }
  }

  @Test
  void aClosedPlayerLeavesTimeWhereItIs() {
    Player player = Player.start(clock, 1, () -> {});
    player.close();
    long stopped = clock.nanos();
    clock.schedule(Duration.ZERO, done::countDown);

    player.close();

    assertEquals(stopped, clock.nanos());
    assertEquals(1, done.getCount());
  }

  @Test
  void aFailureInATimerEndsThePlayAndIsToldAtTheEnd() throws InterruptedException {
    IllegalStateException broken = new IllegalStateException("broken");
    CountDownLatch never = new CountDownLatch(1);
    clock.schedule(
        Duration.ofSeconds(1),
        () -> {
          done.countDown();
          throw broken;
        });
    clock.schedule(Duration.ofSeconds(2), never::countDown);

    Player player = Player.start(clock, 0, () -> {});
    done.await();
    IllegalStateException e = assertThrows(IllegalStateException.class, player::close);

    assertSame(broken, e.getCause());
    assertSame(broken, player.failure());
    assertFalse(never.getCount() == 0);
  }

  @Test
  void anImpossibleSpeedIsRefused() {
    for (double speed : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY, 1e7}) {
      assertThrows(
          IllegalArgumentException.class, () -> Player.start(clock, speed, () -> {}).close());
    }
  }
}
