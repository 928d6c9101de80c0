package chargepile.hal.vm;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How a scenario judges: what does not hold ends it with what was seen. */
final class Report {
  /** So long may an emulated machine take for anything at all. */
  private static final long PATIENCE_SECONDS = 60;

  private Report() {}

  static void check(boolean holds, String what, Object... figures) {
    if (!holds) {
      throw new AssertionError(what.formatted(figures));
    }
  }

  static void contains(String text, String... parts) {
    for (String part : parts) {
      check(text.contains(part), "\"%s\" does not say \"%s\"", text, part);
    }
  }

  /** The next of a queue. */
  static <T> T next(BlockingQueue<T> queue, String what) {
    try {
      T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came: " + what);
      }
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for: " + what, e);
    }
  }

  static void eventually(BooleanSupplier holds, String what) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!holds.getAsBoolean()) {
      check(System.nanoTime() < end, "never: %s", what);
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while waiting for: " + what, e);
      }
    }
  }
}
