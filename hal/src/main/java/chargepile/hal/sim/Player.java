package chargepile.hal.sim;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets virtual time run on a thread of its own, at a pace, until closed. When nothing is scheduled
 * it waits for someone to schedule something.
 */
public final class Player implements AutoCloseable {

  /** Holds virtual time while somebody still works on what happened before. */
  @FunctionalInterface
  public interface Gate {
    /** Returns when the next happening may come; called before each. */
    void await() throws InterruptedException;
  }

  private static final Duration IDLE = Duration.ofSeconds(1);

  /**
   * How often virtual time moves while nothing happens, so that readers of the clock see it run.
   */
  private static final Duration TICK = Duration.ofMillis(20);

  private final SimulatedClock clock;
  private final double speed;
  private final Gate gate;
  private final Thread thread;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private Player(SimulatedClock clock, double speed, Gate gate) {
    this.clock = clock;
    this.speed = speed;
    this.gate = gate;
    this.thread = Thread.ofPlatform().name("simulated-time").daemon().unstarted(this::run);
  }

  /**
   * Starts to play.
   *
   * @param speed virtual seconds a real second: 1 is real time, 0 as fast as it goes
   * @param gate asked before every happening
   * @throws IllegalArgumentException when the speed is negative, infinite or over a million
   */
  public static Player start(SimulatedClock clock, double speed, Gate gate) {
    if (!(speed >= 0 && speed <= 1_000_000)) {
      throw new IllegalArgumentException(
          "speed must be from 0 (as fast as it goes) to 1000000, 1 is real time; not " + speed);
    }
    Player player = new Player(clock, speed, gate);
    player.thread.start();
    return player;
  }

  /** What ended the play early: a listener, timer or gate threw; null while all is well. */
  public @Nullable Throwable failure() {
    return failure.get();
  }

  /**
   * Stops virtual time where it is and waits for the thread to end.
   *
   * @throws IllegalStateException with the cause when the play failed before
   */
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("the simulation failed at " + clock.instant(), cause);
    }
  }

  private void run() {
    try {
      if (speed == 0) {
        race();
      } else {
        pace();
      }
    } catch (InterruptedException e) {
      // close() asked for the end
    } catch (RuntimeException | Error e) {
      failure.set(e);
    }
  }

  private void race() throws InterruptedException {
    while (!Thread.interrupted()) {
      gate.await();
      if (!clock.step()) {
        clock.awaitOtherThan(OptionalLong.empty(), IDLE);
      }
    }
  }

  private void pace() throws InterruptedException {
    while (!Thread.interrupted()) {
      gate.await();
      // Time spent at the gate does not count: virtual time was held.
      long asleepSince = System.nanoTime();
      OptionalLong next = clock.nextNanos();
      double wait =
          next.isPresent()
              ? (double) (next.getAsLong() - clock.nanos()) / speed
              : (double) IDLE.toNanos();
      clock.awaitOtherThan(next, Duration.ofNanos((long) Math.min((double) TICK.toNanos(), wait)));
      long slept = System.nanoTime() - asleepSince;
      clock.moveTo(clock.nanos() + (long) ((double) slept * speed));
      while (clock.stepUntil(clock.nanos()) && !Thread.currentThread().isInterrupted()) {
        gate.await();
      }
    }
  }
}
