package chargepile.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.Edge;
import chargepile.hal.HardwareException;
import chargepile.hal.Light;
import chargepile.hal.Register;
import chargepile.hal.sim.PowerTrace.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SimulatedPileTest {
  private static final long SECOND = 1_000_000_000L;

  /** 7.2 kW for a minute: two pulses a second at 1000 imp/kWh, 120 in all. */
  private static final PowerTrace MINUTE =
      new PowerTrace(List.of(new Step(60 * SECOND, 7_200_000)));

  private static final S0Meter METER = new S0Meter(1000, Duration.ofMillis(40));

  private final List<Edge> edges = new ArrayList<>();

  @Test
  void aCarThatIsPluggedAndConnectedDrawsItsWholeTrace() {
    SimulatedPile pile = listened(SimulatedPile.builder(MINUTE, METER));
    pile.contactor().engage();

    runOut(pile);

    assertEquals(120, pulses(Register.IMPORT));
    assertEquals(0, pulses(Register.EXPORT));
    assertEquals(120_000, pile.milliWattHours(Register.IMPORT));
    assertTrue(pile.traceEnded());
    assertEquals(
        METER.edges(MINUTE, SECOND).toList(), edges, "as the meter alone, from the plug on");
  }

  @Test
  void aDischargingCarPulsesOnTheExportLine() {
    SimulatedPile pile = listened(SimulatedPile.builder(MINUTE.discharging(), METER));
    pile.contactor().engage();

    runOut(pile);

    assertEquals(0, pulses(Register.IMPORT));
    assertEquals(120, pulses(Register.EXPORT));
    assertEquals(120_000, pile.milliWattHours(Register.EXPORT));
  }

  @Test
  void nothingFlowsThroughAnOpenContactor() {
    SimulatedPile pile = listened(SimulatedPile.builder(MINUTE, METER));

    pile.advance(Duration.ofHours(1));

    assertEquals(List.of(), edges);
    assertEquals(0, pile.milliwatts());
    assertTrue(pile.plug().plugged());
  }

  @Test
  void nothingFlowsWithoutAPlug() {
    SimulatedPile pile = listened(SimulatedPile.builder(MINUTE, METER).plugInAt(null));
    pile.contactor().engage();

    pile.advance(Duration.ofHours(1));

    assertEquals(List.of(), edges);
  }

  @Test
  void traceTimeStandsStillWhileTheContactorIsOpen() {
    SimulatedPile pile =
        listened(
            SimulatedPile.builder(MINUTE, METER)
                .plugInAt(Duration.ZERO)
                .openingDelay(Duration.ZERO));
    pile.advance(Duration.ZERO);
    pile.contactor().engage();
    pile.advance(Duration.ofMillis(10_250));
    pile.contactor().release();
    pile.advance(Duration.ofMinutes(5));
    assertEquals(20, pulses(Register.IMPORT));

    pile.contactor().engage();
    runOut(pile);

    assertEquals(120, pulses(Register.IMPORT));
    Edge next = edges.get(40);
    assertEquals(
        310_500_000_000L, next.timestampNanos(), "half a pulse was kept through the pause");
  }

  @Test
  void energyStillFlowsWhileTheContactorOpens() {
    SimulatedPile pile =
        listened(SimulatedPile.builder(MINUTE, METER).openingDelay(Duration.ofSeconds(2)));
    pile.contactor().engage();
    pile.advance(Duration.ofSeconds(11));

    pile.contactor().release();
    pile.contactor().release();
    assertTrue(pile.contactor().engaged(), "read back: not open yet");
    pile.advance(Duration.ofSeconds(60));

    assertFalse(pile.contactor().engaged());
    assertEquals(24_000, pile.milliWattHours(Register.IMPORT), "10 s and 2 s at 7.2 kW");
  }

  @Test
  void engagingAgainBeforeItOpenedKeepsItClosed() {
    SimulatedPile pile = listened(SimulatedPile.builder(MINUTE, METER));
    pile.contactor().engage();
    pile.advance(Duration.ofSeconds(2));
    pile.contactor().release();
    pile.contactor().engage();

    runOut(pile);

    assertEquals(120, pulses(Register.IMPORT));
  }

  @Test
  void theOpeningDelayIsThirtyMillisecondsUnlessGiven() {
    SimulatedPile pile = listened(SimulatedPile.builder(MINUTE, METER));
    pile.contactor().engage();
    pile.contactor().release();

    pile.advance(Duration.ofMillis(30).minusNanos(1));
    assertTrue(pile.conducting());
    pile.advance(Duration.ofNanos(1));
    assertFalse(pile.conducting());
  }

  @Test
  void aWeldedContactorGoesOnAfterTheRelease() {
    SimulatedPile pile =
        listened(
            SimulatedPile.builder(MINUTE, METER)
                .disturbances(Disturbances.builder().welded().build()));
    pile.contactor().engage();
    pile.advance(Duration.ofSeconds(11));

    pile.contactor().release();
    runOut(pile);

    assertTrue(pile.contactor().engaged(), "the auxiliary contact tells");
    assertEquals(120, pulses(Register.IMPORT));
  }

  @Test
  void withoutAnAuxiliaryContactAWeldIsNotReadBack() {
    SimulatedPile pile =
        listened(
            SimulatedPile.builder(MINUTE, METER)
                .auxiliaryContact(false)
                .disturbances(Disturbances.builder().welded().build()));
    pile.contactor().engage();
    pile.contactor().release();

    assertFalse(pile.contactor().engaged());
    assertTrue(pile.conducting());
  }

  @Test
  void aContactorThatIsStuckOpenDeliversNothing() {
    SimulatedPile pile =
        listened(
            SimulatedPile.builder(MINUTE, METER)
                .disturbances(Disturbances.builder().stuckOpen().build()));
    pile.contactor().engage();
    pile.advance(Duration.ofMinutes(2));

    assertFalse(pile.contactor().engaged());
    assertEquals(List.of(), edges);
  }

  @Test
  void thePlugComesAndGoesByTheScript() {
    List<String> changes = new ArrayList<>();
    SimulatedPile pile =
        SimulatedPile.builder(MINUTE, METER)
            .plugInAt(Duration.ofSeconds(2))
            .unplugAt(Duration.ofSeconds(22))
            .disturbances(Disturbances.builder().plugDelay(Duration.ofSeconds(10)).build())
            .build();
    pile.plug().listen(in -> changes.add(pile.clock().nanos() / SECOND + " " + in));
    pile.contactor().engage();

    runOut(pile);

    assertEquals(List.of("12 true", "22 false"), changes);
    assertEquals(20_000, pile.milliWattHours(Register.IMPORT), "10 s at 7.2 kW");
    assertFalse(pile.traceEnded());
  }

  @Test
  void bounceAddsShortEdgesBeforeAFullPulse() {
    SimulatedPile pile = disturbed(Disturbances.builder().bounces(3).build());

    runOut(pile);

    assertEquals(120, pile.meterPulses(Register.IMPORT));
    assertEquals(120 * 8, edges.size());
    assertNumberedWithoutGap();
    for (int pulse = 0; pulse < 120; pulse++) {
      List<Edge> burst = edges.subList(pulse * 8, pulse * 8 + 8);
      long bounced = burst.get(6).timestampNanos() - burst.get(0).timestampNanos();
      assertTrue(bounced < 6 * Disturbances.MAX_BOUNCE_NANOS);
      assertEquals(40_000_000, burst.get(7).timestampNanos() - burst.get(6).timestampNanos());
    }
  }

  @Test
  void noiseIsShorterThanAnyPulse() {
    SimulatedPile pile = disturbed(Disturbances.builder().noiseEvery(10).build());

    runOut(pile);

    assertNumberedWithoutGap();
    assertEquals(132, pulses(Register.IMPORT));
    long spikes = 0;
    for (int i = 0; i < edges.size(); i += 2) {
      long width = edges.get(i + 1).timestampNanos() - edges.get(i).timestampNanos();
      spikes += width < 5_000_000 ? 1 : 0;
    }
    assertEquals(12, spikes);
  }

  @Test
  void aSpikeAlsoComesWhileNothingFlows() {
    SimulatedPile pile =
        listened(
            SimulatedPile.builder(MINUTE, METER)
                .disturbances(
                    Disturbances.builder()
                        .spike(Duration.ofSeconds(5), Register.EXPORT, Duration.ofMillis(2))
                        .build()));

    runOut(pile);

    assertEquals(
        List.of(
            new Edge(Register.EXPORT, true, 5 * SECOND, 1),
            new Edge(Register.EXPORT, false, 5_002_000_000L, 2)),
        edges);
  }

  @Test
  void edgesTheKernelLostLeaveAGapInTheSequence() {
    SimulatedPile pile =
        disturbed(Disturbances.builder().loseEdges(Register.IMPORT, 11, 40).build());

    runOut(pile);

    assertEquals(200, edges.size());
    assertEquals(10, edges.get(9).sequence());
    assertEquals(51, edges.get(10).sequence());
    assertEquals(120, pile.meterPulses(Register.IMPORT));
  }

  @Test
  void pulsesThatNeverReachedTheLineLeaveNoGap() {
    SimulatedPile pile =
        disturbed(Disturbances.builder().missPulses(Register.IMPORT, 6, 20).build());

    runOut(pile);

    assertEquals(200, edges.size());
    assertNumberedWithoutGap();
    assertEquals(120_000, pile.milliWattHours(Register.IMPORT));
  }

  @Test
  void theSameSeedGivesTheSameEdgesAndAnotherSeedOthers() {
    Disturbances.Builder script = Disturbances.builder().bounces(2).noiseEvery(3);
    runOut(disturbed(script.seed(7).build()));
    List<Edge> first = List.copyOf(edges);
    edges.clear();
    runOut(disturbed(script.seed(7).build()));
    assertEquals(first, edges);
    edges.clear();
    runOut(disturbed(script.seed(8).build()));
    assertNotEquals(first, edges);
  }

  @Test
  void closingReleasesTheContactorAndEndsTheScript() {
    SimulatedPile pile = disturbed(Disturbances.none());
    pile.light().show(Light.CHARGING);
    pile.advance(Duration.ofSeconds(11));
    int before = edges.size();

    pile.close();
    pile.close();
    runOut(pile);

    assertFalse(pile.conducting());
    assertEquals(before, edges.size());
    assertEquals(Light.CHARGING, pile.shownLight());
  }

  @Test
  void thereIsOneListenerOnly() {
    SimulatedPile pile = disturbed(Disturbances.none());

    assertThrows(IllegalStateException.class, () -> pile.pulses().listen(edge -> {}));
  }

  @Test
  void aMeterTooSlowForTheTraceAndItsBounceIsRefused() {
    PowerTrace fast = new PowerTrace(List.of(new Step(SECOND, 40_000_000)));
    SimulatedPile.Builder builder =
        SimulatedPile.builder(fast, METER).disturbances(Disturbances.builder().bounces(20).build());

    assertThrows(IllegalArgumentException.class, builder::build);
  }

  @Property(tries = 100)
  void switchingNeverLosesOrInventsEnergy(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 20_000) Integer> millis) {
    edges.clear();
    SimulatedPile pile = listened(SimulatedPile.builder(MINUTE, METER).openingDelay(Duration.ZERO));
    pile.advance(Duration.ofSeconds(1));
    long closedMillis = 0;
    boolean close = true;
    for (int pause : millis) {
      if (close) {
        pile.contactor().engage();
        closedMillis += pause;
      } else {
        pile.contactor().release();
      }
      pile.advance(Duration.ofMillis(pause));
      close = !close;
    }
    pile.contactor().release();
    runOut(pile);

    long milliWattHours = Math.min(closedMillis, 60_000) * 2;
    assertEquals(milliWattHours, pile.milliWattHours(Register.IMPORT));
    assertEquals(milliWattHours / 1000, pulses(Register.IMPORT));
  }

  @Test
  void lostLinesOpenTheContactorForGoodAndShowNothingMore() {
    SimulatedPile pile =
        disturbed(Disturbances.builder().loseLinesAt(Duration.ofMillis(10_900)).build());
    List<String> told = new ArrayList<>();
    List<Boolean> plugs = new ArrayList<>();
    pile.onFailure(what -> told.add(what + (pile.contactor().engaged() ? "" : " (open)")));
    pile.plug().listen(plugs::add);
    pile.advance(Duration.ofMinutes(5));
    pile.unplug();

    assertEquals(List.of("the simulated lines are lost, as scripted; restart the agent"), told);
    assertFalse(pile.conducting());
    assertThrows(HardwareException.class, () -> pile.contactor().engage());
    assertEquals(19, pulses(Register.IMPORT), "the last was that of 10.5 s");
    assertEquals(List.of(true), plugs);
    List<String> late = new ArrayList<>();
    SimulatedPile other = SimulatedPile.builder(MINUTE, METER).build();
    other.fail("broken");
    other.onFailure(late::add);
    assertEquals(List.of("broken"), late);
  }

  @Test
  void heatComesAndGoesByTheScript() {
    List<String> changes = new ArrayList<>();
    SimulatedPile pile =
        disturbed(
            Disturbances.builder().heat(Duration.ofSeconds(3), Duration.ofSeconds(4)).build());
    pile.heat().listen(hot -> changes.add(pile.clock().nanos() / SECOND + " " + hot));
    assertFalse(pile.heat().tooHot());
    pile.advance(Duration.ofSeconds(5));
    assertTrue(pile.heat().tooHot());
    pile.advance(Duration.ofSeconds(5));

    assertEquals(List.of("3 true", "7 false"), changes);
    assertThrows(IllegalStateException.class, () -> pile.heat().listen(hot -> {}));
    pile.fail("lost");
    pile.heat(true);
    assertEquals(2, changes.size(), "nobody hears of it");
  }

  private SimulatedPile disturbed(Disturbances disturbances) {
    SimulatedPile pile = listened(SimulatedPile.builder(MINUTE, METER).disturbances(disturbances));
    pile.contactor().engage();
    return pile;
  }

  private SimulatedPile listened(SimulatedPile.Builder builder) {
    SimulatedPile pile = builder.build();
    pile.pulses().listen(edges::add);
    return pile;
  }

  private static void runOut(SimulatedPile pile) {
    while (pile.step()) {
      // each step runs one happening
    }
  }

  private long pulses(Register register) {
    return edges.stream().filter(edge -> edge.register() == register && edge.active()).count();
  }

  private void assertNumberedWithoutGap() {
    for (int i = 0; i < edges.size(); i++) {
      assertEquals(i + 1, edges.get(i).sequence());
    }
  }
}
