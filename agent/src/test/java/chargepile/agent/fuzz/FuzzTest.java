package chargepile.agent.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The harness finds what it is to find. */
class FuzzTest {
  private static final List<byte[]> SAMPLES = List.of(new byte[] {1, 2, 3, 4});
  private static final Fuzz FUZZ = new Fuzz(1, 2000, Duration.ofSeconds(10));

  @Test
  void aDoorThatOnlyRefusesIsSound() throws InterruptedException {
    FUZZ.at(Door.of("sound", SAMPLES, IOException.class, input -> refuseWhenChanged(input)));
  }

  @Test
  void anyOtherExceptionIsFoundAndNamedWithDoorSeedAndInput() {
    List<byte[]> last = new ArrayList<>();
    String found =
        found(
            Door.of(
                "brittle",
                SAMPLES,
                IOException.class,
                input -> {
                  last.add(input);
                  if (input.length > 4) {
                    throw new IllegalStateException("five");
                  }
                }));
    assertTrue(found.startsWith("brittle throws java.lang.IllegalStateException: five"), found);
    assertTrue(found.endsWith("input: " + HexFormat.of().formatHex(last.getLast())), found);
    long seed = last.size() - 1L; // the sample came first
    assertTrue(found.contains("chargepile.fuzz.seed=" + seed + " "), found);
    assertArrayEquals(last.getLast(), Hostile.input(SAMPLES, seed));
  }

  @Test
  void aStackOverflowIsFound() {
    assertTrue(found(Door.open("deep", SAMPLES, input -> fall(input.length))).contains("Overflow"));
  }

  @Test
  void anAllocationWithoutBoundIsFound() {
    List<byte[]> kept = new ArrayList<>();
    Door greedy =
        Door.open(
            "greedy", SAMPLES, input -> kept.add(new byte[input.length > 4 ? 80_000_000 : 1]));
    assertTrue(found(greedy).startsWith("greedy allocates 80,"));
  }

  @Test
  void aHangIsFound() {
    Fuzz hasty = new Fuzz(1, 2000, Duration.ofMillis(200));
    Door stuck =
        Door.open(
            "stuck",
            SAMPLES,
            input -> {
              if (input.length > 4) {
                new CountDownLatch(1).await();
              }
            });
    String found =
        String.valueOf(assertThrows(AssertionError.class, () -> hasty.at(stuck)).getMessage());
    assertTrue(found.startsWith("stuck hangs at"), found);
  }

  @Test
  void aSampleThatIsRefusedIsAFaultOfTheTest() {
    Door shut =
        Door.of(
            "shut",
            SAMPLES,
            IOException.class,
            input -> {
              throw new IOException();
            });
    assertTrue(found(shut).startsWith("shut refuses its sample 01020304"));
  }

  private static void refuseWhenChanged(byte[] input) throws IOException {
    if (input.length != 4) {
      throw new IOException("changed");
    }
  }

  private static int fall(int length) {
    return length > 4 ? 1 + fall(length + 1) : 0;
  }

  private static String found(Door door) {
    return String.valueOf(assertThrows(AssertionError.class, () -> FUZZ.at(door)).getMessage());
  }
}
