package chargepile.hal.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Virtual time. It stands still until someone steps it; timers fire when it passes them, in the
 * order of their time and, at the same time, of their scheduling.
 *
 * <p>Any thread may read and schedule; one thread at a time steps. Timers run on the stepping
 * thread with no lock held.
 */
public final class SimulatedClock implements InstantSource {

  /** A timer that can be called off. */
  @FunctionalInterface
  public interface Timer {
    /** Prevents the timer from firing if it has not yet; harmless otherwise. */
    void cancel();
  }

  private record Scheduled(long atNanos, long order, Runnable task) {}

  private final Instant start;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition scheduled = lock.newCondition();
  private final PriorityQueue<Scheduled> timers =
      new PriorityQueue<>(
          (a, b) ->
              a.atNanos != b.atNanos
                  ? Long.compare(a.atNanos, b.atNanos)
                  : Long.compare(a.order, b.order));
  private long nowNanos;
  private long nextOrder;

  /**
   * Starts virtual time.
   *
   * @param start what {@link #instant()} says when {@link #nanos()} says 0
   */
  public SimulatedClock(Instant start) {
    this.start = start;
  }

  /** Monotonic virtual time in nanoseconds, from 0. */
  public long nanos() {
    lock.lock();
    try {
      return nowNanos;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanos());
  }

  /**
   * Runs a task once the given virtual time has passed; a negative delay counts as none.
   *
   * @param task called on the stepping thread; must not block
   */
  public Timer schedule(Duration delay, Runnable task) {
    lock.lock();
    try {
      return scheduleAt(Math.addExact(nowNanos, Math.max(0, delay.toNanos())), task);
    } finally {
      lock.unlock();
    }
  }

  /** The same at an absolute {@link #nanos()}; a time in the past means now. */
  Timer scheduleAt(long atNanos, Runnable task) {
    lock.lock();
    try {
      Scheduled timer = new Scheduled(Math.max(atNanos, nowNanos), nextOrder++, task);
      timers.add(timer);
      scheduled.signalAll();
      return () -> cancel(timer);
    } finally {
      lock.unlock();
    }
  }

  /** When the next timer is due, in {@link #nanos()}; empty when none is scheduled. */
  public OptionalLong nextNanos() {
    lock.lock();
    try {
      Scheduled next = timers.peek();
      return next == null ? OptionalLong.empty() : OptionalLong.of(next.atNanos);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Advances to the next timer and runs it.
   *
   * @return whether there was one; without, time stands still
   */
  public boolean step() {
    return stepUntil(Long.MAX_VALUE);
  }

  /** Advances by this much, running every timer on the way, those due exactly then included. */
  public void advance(Duration duration) {
    long until = Math.addExact(nanos(), duration.toNanos());
    while (stepUntil(until)) {
      // each turn runs one timer, which may schedule more
    }
    moveTo(until);
  }

  /** Steps if a timer is due by {@code untilNanos}. */
  boolean stepUntil(long untilNanos) {
    Runnable task;
    lock.lock();
    try {
      Scheduled next = timers.peek();
      if (next == null || next.atNanos > untilNanos) {
        return false;
      }
      timers.remove();
      nowNanos = next.atNanos;
      task = next.task;
    } finally {
      lock.unlock();
    }
    task.run();
    return true;
  }

  /** Lets time pass up to {@code untilNanos}, or up to the next timer if that comes first. */
  void moveTo(long untilNanos) {
    lock.lock();
    try {
      Scheduled next = timers.peek();
      long limit = next == null ? untilNanos : Math.min(untilNanos, next.atNanos);
      nowNanos = Math.max(nowNanos, limit);
    } finally {
      lock.unlock();
    }
  }

  /** Blocks in real time until the next timer is another than {@code seen}, or time is up. */
  void awaitOtherThan(OptionalLong seen, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (left > 0 && nextNanos().equals(seen)) {
        left = scheduled.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void cancel(Scheduled timer) {
    lock.lock();
    try {
      timers.remove(timer);
    } finally {
      lock.unlock();
    }
  }
}
