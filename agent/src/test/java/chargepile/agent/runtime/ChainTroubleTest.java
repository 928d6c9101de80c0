package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Stage;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.store.StoredOutboxEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A chain that can't be asked for a while: nothing is lost, nothing sold blindly, all said. */
@Timeout(120)
final class ChainTroubleTest {
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final Phase PAUSED = new Phase.Paused(Phase.Cause.CHAIN);

  /** Its channels outlive their sessions. */
  private static final PileSettings STAYING =
      new PileSettings(
          TwoNodes.PILE.meter(),
          TwoNodes.PILE.plausibility(),
          TwoNodes.PILE.tariff(),
          TwoNodes.PILE.exposure(),
          TwoNodes.PILE.directions(),
          TwoNodes.PILE.switching(),
          TwoNodes.PILE.peerTimeout(),
          TwoNodes.PILE.offerTimeout(),
          TwoNodes.PILE.closeTimeout(),
          TwoNodes.PILE.storeEvery(),
          TwoNodes.PILE.storeEveryEnergy(),
          false,
          true);

  /** A change is noticed at the latest when the watch looks by itself. */
  private static final Duration NOTICED = Duration.ofSeconds(11);

  /** The longest pause between two tries, and a look. */
  private static final Duration ASKED_AGAIN = Duration.ofSeconds(31);

  private static TwoNodes nodes() {
    return new TwoNodes(TwoNodes.Terms.USUAL.with(TwoNodes.PILE.withGrace(GRACE)));
  }

  private static Optional<Phase> phase(TwoNodes nodes) {
    return nodes.pile.state().session().map(PileSession::phase);
  }

  private static String info(TwoNodes nodes) {
    nodes.run(Duration.ofSeconds(1));
    return String.valueOf(nodes.retained.get(TwoNodes.TOPICS.info()));
  }

  private static List<StoredOutboxEntry> unsent(TwoNodes nodes) {
    return nodes.pileStore.load().unsent();
  }

  private static void forceClose(TwoNodes nodes) {
    var driver = new NodeKeys(TwoNodes.seed("driver"), TwoNodes.SIGNER).nodeId();
    var unused = nodes.pile.command(new OperatorCommand.ForceCloseChannel(driver, "a test"));
  }

  @Test
  void aSessionPausesAfterTheGraceAndGoesOnWhenTheChainIsBack() {
    try (TwoNodes nodes = nodes().start().open()) {
      nodes.chargeUntil(50_000);
      nodes.pileChain.outOfReach = true;
      nodes.run(NOTICED);
      String said = info(nodes);
      assertTrue(said.contains("\"chain\":{\"ok\":false,\"since\":\"2026-01-01T"), said);
      assertTrue(said.contains("\"reason\":\"no route to the node\""), said);
      assertTrue(said.endsWith("\"grace_s\":60,\"selling\":true}}"), said);
      assertTrue(nodes.hardware.conducting());

      nodes.run(GRACE);
      assertFalse(nodes.hardware.conducting());
      assertEquals(Optional.of(PAUSED), phase(nodes));
      assertTrue(info(nodes).endsWith("\"selling\":false}}"));
      assertEquals(nodes.delivered(), nodes.paid().energy().value(), "what has flowed is paid");
      long before = nodes.delivered();
      nodes.run(Duration.ofHours(1));
      assertEquals(before, nodes.delivered());

      nodes.pileChain.outOfReach = false;
      nodes.run(ASKED_AGAIN);
      assertTrue(nodes.hardware.conducting(), "without anything happening on the chain");
      assertTrue(info(nodes).endsWith("\"chain\":{\"ok\":true,\"selling\":true}}"));
      nodes.finish().checkPaidInFull();
    }
  }

  @Test
  void aChainThatAnswersInDoubtIsWatchedOnAndSellsNothingAfterTheGrace() {
    try (TwoNodes nodes = nodes().start().open()) {
      nodes.chargeUntil(50_000);
      nodes.pileChain.doubt = Optional.of("the clock is wrong");
      nodes.run(NOTICED);
      assertTrue(info(nodes).contains("\"reason\":\"the clock is wrong\""));
      nodes.run(GRACE);
      assertFalse(nodes.hardware.conducting());

      forceClose(nodes);
      nodes.mineUntilSettled(); // which it sees, and goes on with
    }
  }

  @Test
  void itIsAskedAgainAfterPausesThatGrow() {
    try (TwoNodes nodes = nodes().start().open()) {
      nodes.pileChain.outOfReach = true;
      nodes.run(Duration.ofMinutes(2));
      int before = nodes.pileChain.refused.get();
      nodes.run(Duration.ofMinutes(10));
      int tries = (nodes.pileChain.refused.get() - before) / 2; // a channel's look, and the tip's
      assertTrue(tries >= 19 && tries <= 21, () -> tries + " in ten minutes");
    }
  }

  @Test
  void aTransactionThatCouldNotBeHandedOverIsWhenTheChainIsBack() {
    try (TwoNodes nodes = nodes().start().open()) {
      nodes.chargeUntil(50_000);
      nodes.pileChain.outOfReach = true;
      nodes.driverChain.outOfReach = true; // or it publishes its own
      forceClose(nodes);
      nodes.run(Duration.ofMinutes(5));
      assertEquals(1, unsent(nodes).size(), "it stays in the outbox");
      assertEquals(List.of(), nodes.chain.mempool());

      nodes.pileChain.outOfReach = false;
      nodes.run(ASKED_AGAIN);
      assertEquals(1, nodes.chain.mempool().size());
      assertEquals(List.of(), unsent(nodes));
      nodes.driverChain.outOfReach = false;
      nodes.mineUntilSettled();
    }
  }

  @Test
  void soItIsWhenThePileWasKilledMeanwhile() {
    try (TwoNodes nodes = nodes().start().open()) {
      nodes.chargeUntil(50_000);
      nodes.pileChain.outOfReach = true;
      nodes.driverChain.outOfReach = true; // or it publishes its own
      forceClose(nodes);
      nodes.run(Duration.ofMinutes(1));
      nodes.killPile();
      nodes.run(Duration.ofMinutes(5));
      assertEquals(1, unsent(nodes).size());
      nodes.killPile();
      nodes.pileChain.outOfReach = false;
      nodes.run(ASKED_AGAIN);
      assertEquals(1, nodes.chain.mempool().size());
      assertEquals(List.of(), unsent(nodes));
      nodes.driverChain.outOfReach = false;
      nodes.mineUntilSettled();
    }
  }

  @Test
  void aPileThatStartsWithoutTheChainSellsForTheGraceAndNoLonger() {
    try (TwoNodes nodes = nodes().start().open()) {
      nodes.chargeUntil(50_000);
      nodes.pileChain.outOfReach = true;
      nodes.restartPile();
      nodes.run(Duration.ofSeconds(30));
      assertTrue(nodes.hardware.conducting());
      nodes.run(GRACE);
      assertEquals(Optional.of(PAUSED), phase(nodes));
      long before = nodes.delivered();
      nodes.run(Duration.ofMinutes(10));
      assertEquals(before, nodes.delivered());
      nodes.pileChain.outOfReach = false;
      nodes.run(ASKED_AGAIN);
      nodes.finish().checkPaidInFull();
    }
  }

  @Test
  void aDriverWithoutTheChainStopsAfterItsGraceAndKeepsItsChannel() {
    TwoNodes.Terms terms =
        TwoNodes.Terms.USUAL.with(TwoNodes.DRIVER.withGrace(GRACE)).with(STAYING);
    try (TwoNodes nodes = new TwoNodes(terms).start().open()) {
      nodes.chargeUntil(50_000);
      nodes.driverChain.outOfReach = true;
      nodes.runUntil("the end", nodes::isEnded, GRACE.plus(NOTICED).plusSeconds(5));
      assertEquals(StopReason.CHAIN_OUT_OF_SIGHT, nodes.reason());
      assertEquals(nodes.delivered(), nodes.paid().energy().value());
      assertTrue(nodes.stage() instanceof Stage.Normal);
      assertTrue(
          nodes.driverStore.journal(1, 10_000).stream()
              .anyMatch(entry -> entry.note().text().equals("no route to the node")));

      nodes.driverChain.outOfReach = false;
      nodes.run(ASKED_AGAIN);
      nodes.driver.command(new DriverCommand.CloseChannel());
      nodes.mineUntilSettled();
    }
  }
}
