package chargepile.agent.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * Throws hostile inputs at doors. A door fails when anything comes out but its declared refusal,
 * when it allocates without bound, and when it does not come back. The error names the seed, which
 * is the input.
 *
 * <p>{@code -Dchargepile.fuzz.inputs=N} makes it N inputs a door; {@code -Dchargepile.fuzz.seed=S}
 * begins at another seed.
 *
 * @param patience how long an input may take: nothing but a hang takes that long
 */
public record Fuzz(long firstSeed, long inputs, Duration patience) {
  private static final long MOST_BYTES = 64L << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** As the system properties say. */
  public static Fuzz configured() {
    return new Fuzz(
        Long.getLong("chargepile.fuzz.seed", 1),
        Long.getLong("chargepile.fuzz.inputs", 4000),
        Duration.ofSeconds(10));
  }

  /** A test for every door. */
  public static Stream<DynamicTest> tests(Door... doors) {
    Fuzz fuzz = configured();
    return Stream.of(doors).map(door -> DynamicTest.dynamicTest(door.name(), () -> fuzz.at(door)));
  }

  /** Throws {@link AssertionError} for the first input that gets more than it should. */
  public void at(Door door) throws InterruptedException {
    for (byte[] sample : door.samples()) {
      if (!taken(door, sample)) {
        throw new AssertionError(
            "%s refuses its sample %s".formatted(door, HexFormat.of().formatHex(sample)));
      }
    }
    Run run = new Run(door);
    Thread thread = Thread.ofPlatform().daemon().name("fuzz " + door).start(run);
    long begun = run.begun;
    while (!thread.join(patience)) {
      long now = run.begun;
      if (now == begun) {
        throw run.finding("hangs at " + stack(thread), null);
      }
      begun = now;
    }
    if (run.found != null) {
      throw run.found;
    }
  }

  private static boolean taken(Door door, byte[] input) {
    try {
      door.entrance().take(input.clone());
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  private static String stack(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .limit(12)
        .map(frame -> "\n    " + frame)
        .collect(Collectors.joining());
  }

  /** The inputs one after another, in a thread that can be given up. */
  private final class Run implements Runnable {
    private final Door door;

    /** How many inputs were begun; that it stands still is how a hang shows. */
    private volatile long begun;

    private volatile @Nullable AssertionError found;

    Run(Door door) {
      this.door = door;
    }

    @Override
    public void run() {
      long count = Math.max(1, inputs / door.share());
      while (begun < count && found == null) {
        begun = begun + 1;
        found = flaw(Hostile.input(door.samples(), seed()));
      }
    }

    private long seed() {
      return firstSeed + Math.max(0, begun - 1);
    }

    private @Nullable AssertionError flaw(byte[] input) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        door.entrance().take(input.clone());
      } catch (Throwable e) {
        if (door.refusal().filter(refusal -> refusal.isInstance(e)).isEmpty()) {
          return finding("throws " + e, e);
        }
      }
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      return allocated <= MOST_BYTES + door.bytesPerByte() * input.length
          ? null
          : finding("allocates %,d bytes".formatted(allocated), null);
    }

    AssertionError finding(String what, @Nullable Throwable cause) {
      byte[] input = Hostile.input(door.samples(), seed());
      return new AssertionError(
          """
          %s %s
            for an input of %,d bytes
            again: -Dchargepile.fuzz.seed=%d -Dchargepile.fuzz.inputs=1
            input: %s\
          """
              .formatted(door, what, input.length, seed(), HexFormat.of().formatHex(input)),
          cause);
    }
  }
}
