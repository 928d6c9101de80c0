package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.pile.OperatorCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that refuses a commit: nothing of that transition has happened. */
@Timeout(60)
final class RefusedCommitTest {
  private static void charge(TwoNodes nodes, RuntimeExceptionSource failed) {
    nodes.runUntil(
        "the refusal",
        () -> failed.isFailed() || (nodes.hardware.traceEnded() && nodes.isEnded()),
        TwoNodes.LONG);
  }

  private interface RuntimeExceptionSource {
    boolean isFailed();
  }

  /** What was done since the last transition that was completed. */
  private static List<String> sinceLastDone(List<String> log) {
    return log.subList(log.lastIndexOf("done") + 1, log.size());
  }

  @ParameterizedTest(name = "after {0} commits")
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 17, 23, 41})
  void thePileOpensAndSaysNothing(int commits) {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.pileStore.refuseAfter(commits);
      charge(nodes, () -> nodes.pile.failure().isPresent());

      List<String> last = sinceLastDone(nodes.pileLog);
      assertTrue(last.stream().allMatch("release"::equals), last::toString);
      assertTrue(last.contains("release"));
      nodes.run(Duration.ofSeconds(1));
      assertFalse(nodes.hardware.conducting());
      String text = String.valueOf(nodes.pile.failure().orElseThrow().getMessage());
      assertTrue(text.contains("the store did not take") && text.contains("disk is full"), text);
      assertEquals("offline", nodes.retained.get(TwoNodes.TOPICS.status()));
      assertEquals("open", nodes.retained.get(TwoNodes.TOPICS.contactor()));

      nodes.restartPile();
      nodes.finish().checkPaidInFull();
    }
  }

  @ParameterizedTest(name = "after {0} commits")
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 19, 33})
  void theDriverSaysNothing(int commits) {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.driverStore.refuseAfter(commits);
      charge(nodes, () -> nodes.driver.failure().isPresent());

      assertEquals(List.of(), sinceLastDone(nodes.driverLog));
      String text = String.valueOf(nodes.driver.failure().orElseThrow().getMessage());
      assertTrue(text.contains("the store did not take") && text.contains("disk is full"), text);

      nodes.restartDriver();
      nodes.finish().checkPaidInFull();
    }
  }

  @Test
  void aCommandToAPileThatStoppedIsAnswered() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(50_000);
      nodes.pileStore.refuseAfter(0);
      var under = nodes.pile.command(new OperatorCommand.Stop("enough"));
      nodes.settle();
      var after = nodes.pile.command(new OperatorCommand.Stop("enough"));
      for (var answer : List.of(under, after)) {
        ExecutionException e = assertThrows(ExecutionException.class, answer::get);
        assertTrue(e.getCause() instanceof NodeFailedException);
      }
      nodes.restartPile();
      nodes.finish().checkPaidInFull();
    }
  }
}
