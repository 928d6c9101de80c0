package chargepile.agent.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks bite: every deliberate bug is found by some seed. */
final class DeviationTest {
  private static final long SEEDS = 400;

  /** Whether the program as it is comes through: then the bug alone is what was found. */
  private static boolean isSound(Plan plan) {
    return Simulation.run(plan, Deviation.NONE).violation().isEmpty();
  }

  static List<Deviation> deviations() {
    return Deviation.ALL;
  }

  @ParameterizedTest
  @MethodSource("deviations")
  void isFound(Deviation deviation) {
    Optional<Simulation.Result> found =
        LongStream.rangeClosed(1, SEEDS)
            .parallel()
            .mapToObj(seed -> Simulation.run(Plan.of(seed), deviation))
            .filter(result -> result.violation().isPresent())
            .filter(result -> isSound(result.plan()))
            .findAny();
    assertTrue(
        found.isPresent(), () -> "no seed finds that a program %s".formatted(deviation.name()));
    System.out.printf(
        "a program that %s is found by seed %d: %s%n",
        deviation.name(), found.get().plan().seed(), found.get().violation().orElseThrow());
  }

  @Test
  void anOutboxLostAtTheStartCostsNobodyAnything() {
    LongStream.rangeClosed(1, 60)
        .parallel()
        .mapToObj(Plan::of)
        .filter(DeviationTest::isSound)
        .map(plan -> Simulation.run(plan, Deviation.FORGETS_OUTBOX_AT_START))
        .forEach(result -> assertEquals(Optional.empty(), result.violation()));
  }
}
