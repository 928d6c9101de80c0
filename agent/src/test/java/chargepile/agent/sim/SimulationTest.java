package chargepile.agent.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Whole runs, each from a seed. */
final class SimulationTest {
  private static final long SEEDS = Long.getLong("chargepile.sim.seeds", 150);
  private static final long FIRST = Long.getLong("chargepile.sim.seed", 1);

  @Test
  void whateverHappensAllThatMustHoldHolds() {
    Figures figures =
        LongStream.range(FIRST, FIRST + SEEDS)
            .parallel()
            .mapToObj(seed -> Simulation.run(Plan.of(seed), Deviation.NONE))
            .peek(SimulationTest::check)
            .map(Simulation.Result::figures)
            .reduce(Figures.NONE, Figures::plus);
    System.out.println(figures);
  }

  private static void check(Simulation.Result result) {
    if (result.violation().isPresent()) {
      Simulation.Result smallest = Minimise.of(result, Deviation.NONE);
      fail(
          ("seed %d: %s%n  plan: %s%n  hardware: %s%n  replay: mvn test -pl agent -am"
                  + " -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false"
                  + " -Dchargepile.sim.seed=%d -Dseeds=1%n  %s")
              .formatted(
                  result.plan().seed(),
                  smallest.violation().orElseThrow(),
                  smallest.plan().steps(),
                  smallest.hardware(),
                  result.plan().seed(),
                  String.join("\n  ", smallest.lines())));
    }
  }

  @Test
  void theSameSeedIsTheSameRun() {
    for (long seed = 1; seed <= 5; seed++) {
      assertEquals(
          Simulation.run(Plan.of(seed), Deviation.NONE).hash(),
          Simulation.run(Plan.of(seed), Deviation.NONE).hash());
    }
  }
}
