package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.store.SqliteStore;
import chargepile.hal.Register;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that stop or are killed in the middle of a session, and go on from their stores. */
@Timeout(120)
final class RestartTest {
  /** What may flow unstored before a kill, and the pulse that was under way. */
  private static final long LOST_IN_A_KILL = TwoNodes.PILE.storeEveryEnergy().value() + 1_000;

  @TempDir Path directory;

  private TwoNodes charging() {
    TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL);
    nodes.pileMedium = () -> SqliteStore.open(directory.resolve("pile.db"));
    nodes.driverMedium = () -> SqliteStore.open(directory.resolve("driver.db"));
    nodes.start().open();
    nodes.chargeUntil(207_000);
    return nodes;
  }

  /** Every pulse is counted once; at most {@code lost} mWh are not. */
  private static void checkPulses(TwoNodes nodes, long lost) {
    long metered = nodes.hardware.milliWattHours(Register.IMPORT);
    long missing = metered - nodes.delivered();
    assertTrue(missing >= 0, () -> "counted twice: " + -missing);
    assertTrue(missing <= lost + 1_000, () -> "lost: " + missing);
  }

  private static void checkBalances(TwoNodes nodes) {
    var pile = nodes.commitments().local();
    var driver = nodes.driver.state().channel().leg().penalty().orElseThrow();
    assertEquals(nodes.stage().title(), driver.stage().title());
    assertEquals(
        ((DriverPolicy.Funding) TwoNodes.DRIVER.funding().orElseThrow())
            .capacity()
            .toAmount()
            .value(),
        pile.allocation().spec().toLocal().value() + pile.allocation().spec().toRemote().value());
  }

  @Test
  void aPileThatIsStoppedAndStartedGoesOn() {
    try (TwoNodes nodes = charging()) {
      var session = nodes.pile.state().session().orElseThrow().id();
      nodes.restartPile();
      nodes.finish().checkPaidInFull();
      assertEquals(session, nodes.pile.state().session().orElseThrow().id());
      checkPulses(nodes, 1_000);
      checkBalances(nodes);
    }
  }

  @Test
  void aPileThatIsKilledLosesAtMostWhatItMayKeepUnstored() {
    try (TwoNodes nodes = charging()) {
      nodes.killPile();
      nodes.finish().checkPaidInFull();
      checkPulses(nodes, LOST_IN_A_KILL);
      checkBalances(nodes);
    }
  }

  @Test
  void aDriverThatIsKilledGoesOn() {
    try (TwoNodes nodes = charging()) {
      nodes.killDriver();
      nodes.finish().checkPaidInFull();
      checkPulses(nodes, 0);
      checkBalances(nodes);
    }
  }

  @Test
  void bothAreKilledAgainAndAgain() {
    try (TwoNodes nodes = charging()) {
      int kills = 6;
      for (int i = 0; i < kills; i++) {
        nodes.chargeUntil(nodes.delivered() + 13_000);
        nodes.killPile();
        nodes.killDriver();
      }
      nodes.finish().checkPaidInFull();
      checkPulses(nodes, kills * LOST_IN_A_KILL);
      checkBalances(nodes);
    }
  }
}
