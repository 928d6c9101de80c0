package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.mqtt.MemoryBroker;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session over a bus that loses, repeats, reorders, delays and corrupts. */
@Timeout(60)
final class FaultyBusTest {
  private static final MemoryBroker.Faults FAULTS =
      new MemoryBroker.Faults(0.02, 0.05, 0.2, 0.03, Duration.ofMillis(400));

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theSumsAreRightAndTheCreditHolds(long seed) {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(FAULTS, seed)).start().open()) {
      nodes.finish().checkExposure();
      Stage.Closed closed = (Stage.Closed) nodes.stage();
      long paid = nodes.paid().energy().value();
      assertEquals(paid * 100, nodes.paid().amount().value());
      assertTrue(nodes.delivered() - paid <= TwoNodes.CREDIT);
      if (closed.outcome() == Outcome.COOPERATIVE_CLOSE) {
        assertEquals(
            nodes.paid().amount().value() / 1000, nodes.chain.balance(nodes.pileHome).value());
      } else {
        assertEquals(Outcome.UNILATERAL_CLOSE, closed.outcome());
      }
    }
  }
}
