package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

/** A session between the two, undisturbed. */
final class SessionTest {
  @Test
  void everyPulseIsPaid() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.finish();
      nodes.checkPaidInFull();
      assertEquals(466_000, nodes.delivered());
      assertFalse(nodes.hardware.conducting());
    }
  }
}
