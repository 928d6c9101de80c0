package chargepile.agent.chain.esplora;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.units.Feerate;
import org.junit.jupiter.api.Test;

/** Feerates from a server that estimates this and that. */
class FeeEstimateTest extends ScriptedServer {
  @Test
  void theFeerateIsThatForThreeBlocksRoundedUp() {
    page("/fee-estimates", "{\"1\": 9.9, \"2\": 8.0, \"3\": 5.001, \"6\": 2, \"144\": 1.0}");
    assertEquals(new Feerate(1266), view().feerate());

    page("/fee-estimates", "{\"6\": 2, \"144\": 1.0}");
    assertEquals(new Feerate(506), view().feerate());
  }

  @Test
  void feeratesStayWithinTheBounds() {
    page("/fee-estimates", "{\"2\": 0.1}");
    assertEquals(FeerateBounds.DEFAULT.floor(), view().feerate());

    page("/fee-estimates", "{\"2\": 99999}");
    assertEquals(FeerateBounds.DEFAULT.ceiling(), view().feerate());
  }

  @Test
  void whatIsNoFeerateIsRefused() {
    page("/fee-estimates", "{\"2\": -1}");

    assertEquals(
        nonsense("/fee-estimates", "no feerate in satoshi a virtual byte but -1"), complaint());
  }
}
