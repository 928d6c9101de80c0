package chargepile.agent.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks bite: every deliberate bug is found by some seed. */
final class DeviationTest {
  private static final long SEEDS = 400;

  static List<Deviation> deviations() {
    return Deviation.ALL;
  }

  @ParameterizedTest
  @MethodSource("deviations")
  void isFound(Deviation deviation) {
    assertTrue(
        LongStream.rangeClosed(1, SEEDS)
            .parallel()
            .anyMatch(seed -> Simulation.run(Plan.of(seed), deviation).violation().isPresent()),
        () -> "no seed finds that a program %s".formatted(deviation.name()));
  }
}
