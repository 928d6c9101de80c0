package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.PileFault;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.store.SqliteStore;
import chargepile.hal.Light;
import chargepile.hal.sim.Disturbances;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Faults from the hardware to the retained topic, over restarts, until they are cleared. */
@Timeout(120)
final class FaultTopicTest {
  private static final String NONE = "{\"faults\":[],\"details\":[]}";
  private static final Duration COOL_DOWN = TwoNodes.PILE.plausibility().coolDown();

  @TempDir Path directory;

  private TwoNodes nodes(TwoNodes.Terms terms) {
    TwoNodes nodes = new TwoNodes(terms);
    nodes.pileMedium = () -> SqliteStore.open(directory.resolve("pile.db"));
    return nodes;
  }

  private static String topic(TwoNodes nodes) {
    return nodes.retained.getOrDefault(TwoNodes.TOPICS.fault(), "");
  }

  @Test
  void heatOpensTheContactorAtOnceAndEndsTheSessionPaidInFull() {
    try (TwoNodes nodes = nodes(TwoNodes.Terms.USUAL).start().open()) {
      assertEquals(NONE, topic(nodes));
      nodes.chargeUntil(123_000);

      nodes.hardware.heat(true);
      nodes.settle();

      assertFalse(nodes.hardware.contactor().engaged() && !nodes.isEnding());
      String since = nodes.clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
      assertEquals(
          "{\"faults\":[\"OVER_TEMPERATURE\"],\"details\":[{\"fault\":\"OVER_TEMPERATURE\","
              + "\"since\":\""
              + since
              + "\",\"detail\":\"the over-temperature input is on\","
              + "\"remedy\":\"let it cool; look at ventilation, terminals and the input's wire\","
              + "\"clears_itself\":true}]}",
          topic(nodes));
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      assertFalse(nodes.hardware.conducting());
      assertEquals(StopReason.FAULT, nodes.reason());
      assertEquals(Light.FAULT, nodes.hardware.shownLight());
      nodes.mineUntilSettled();
      nodes.checkPaidInFull();

      nodes.hardware.heat(false);
      nodes.run(COOL_DOWN.plusSeconds(2));
      assertEquals(NONE, topic(nodes));
      assertNotEquals(Light.FAULT, nodes.hardware.shownLight());
    }
  }

  @Test
  void heatThatIsThereAtTheStartIsSeen() {
    try (TwoNodes nodes = nodes(TwoNodes.Terms.USUAL)) {
      nodes.hardware.heat(true);
      nodes.start().open();
      nodes.run(Duration.ofSeconds(10));
      assertEquals(Set.of(PileFault.OVER_TEMPERATURE), nodes.pile.state().faults());
      assertFalse(nodes.pileLog.contains("engage"));
    }
  }

  @Test
  void heatIsOverAlsoWhenThePileWasRestartedMeanwhile() {
    try (TwoNodes nodes = nodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(50_000);
      nodes.hardware.heat(true);
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      nodes.killPile();
      nodes.run(COOL_DOWN.plusSeconds(10));
      assertEquals(Set.of(PileFault.OVER_TEMPERATURE), nodes.pile.state().faults());
      nodes.hardware.heat(false);
      nodes.restartPile();
      nodes.run(COOL_DOWN.plusSeconds(10));
      assertEquals(NONE, topic(nodes));
    }
  }

  @Test
  void aContactorThatDoesNotCloseIsFoundByItsReadback() {
    Disturbances stuck = Disturbances.builder().stuckOpen().build();
    try (TwoNodes nodes = nodes(TwoNodes.Terms.USUAL.with(stuck)).start().open()) {
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      assertEquals(Set.of(PileFault.CONTACTOR_NOT_CLOSING), nodes.pile.state().faults());
      assertEquals(StopReason.FAULT, nodes.reason());
      assertEquals("release", nodes.pileLog.stream().filter(this::moves).toList().getLast());
      assertEquals(1, nodes.pileLog.stream().filter("engage"::equals).count());
    }
  }

  private boolean moves(String done) {
    return done.equals("engage") || done.equals("release");
  }

  @Test
  void aFaultOutlivesRestartsAndAKillUntilTheOperatorClearsIt() throws Exception {
    try (TwoNodes nodes = nodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(123_000);
      nodes.hardware.fail("GPIO 17 (import pulses): lost");
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      String told = topic(nodes);
      assertTrue(told.contains("\"detail\":\"GPIO 17 (import pulses): lost\""), told);

      nodes.restartPile();
      nodes.run(Duration.ofMinutes(10));
      assertEquals(told, topic(nodes));
      nodes.killPile();
      nodes.run(Duration.ofMinutes(10));
      assertEquals(told, topic(nodes));
      assertFalse(nodes.pile.command(new OperatorCommand.Start()).get().done());

      var cleared = nodes.pile.command(new OperatorCommand.ClearFaults());
      nodes.settle();
      assertTrue(cleared.get().done());
      assertEquals(NONE, topic(nodes));
      nodes.restartPile();
      nodes.settle();
      assertEquals(Set.of(), nodes.pile.state().faults());
    }
  }

  @Test
  void aWeldThatIsStillThereIsNotClearedNorSoldOver() throws Exception {
    Disturbances welded = Disturbances.builder().welded().build();
    try (TwoNodes nodes = nodes(TwoNodes.Terms.USUAL.with(welded)).start().open()) {
      nodes.chargeUntil(50_000);
      nodes.hardware.unplug();
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      nodes.run(Duration.ofSeconds(30));
      assertEquals(Set.of(PileFault.WELDED_CONTACTOR), nodes.pile.state().faults());

      var cleared = nodes.pile.command(new OperatorCommand.ClearFaults());
      nodes.settle();
      assertFalse(cleared.get().done());
      assertEquals(Set.of(PileFault.WELDED_CONTACTOR), nodes.pile.state().faults());

      long closings = nodes.pileLog.stream().filter("engage"::equals).count();
      nodes.restartPile(); // what the last readback said is forgotten
      cleared = nodes.pile.command(new OperatorCommand.ClearFaults());
      nodes.hardware.plugIn();
      nodes.run(Duration.ofMinutes(1));
      assertFalse(cleared.get().done());
      assertEquals(Set.of(PileFault.WELDED_CONTACTOR), nodes.pile.state().faults());
      assertEquals(closings, nodes.pileLog.stream().filter("engage"::equals).count());
    }
  }

  @Test
  void aPlugPulledUnderLoadIsNamedAndOverOnceTheContactorIsSeenOpen() {
    try (TwoNodes nodes = nodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(123_000);
      nodes.hardware.unplug();
      nodes.settle();
      assertEquals(Set.of(PileFault.PLUG_PULLED_UNDER_LOAD), nodes.pile.state().faults());
      assertTrue(
          ((Phase.Stopped) nodes.pile.state().session().orElseThrow().phase())
              .text()
              .startsWith("the plug was pulled under load, at 6999 W"));
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      assertEquals(StopReason.UNPLUGGED, nodes.reason());
      nodes.run(Duration.ofSeconds(12));
      assertEquals(NONE, topic(nodes));
      nodes.mineUntilSettled();
      nodes.checkPaidInFull();
    }
  }
}
