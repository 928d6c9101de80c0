package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import chargepile.agent.session.pile.PileEvent;
import chargepile.hal.sim.Disturbances;
import chargepile.hal.sim.S0Meter;
import chargepile.hal.sim.SimulatedPile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WiringTest {
  private final List<PileEvent> events = new ArrayList<>();

  private static SimulatedPile pile() {
    return SimulatedPile.builder(TwoNodes.TRACE, S0Meter.fitting(1000, TwoNodes.TRACE)).build();
  }

  @Test
  void hardwareThatFailedBeforeTheStartIsToldFirst() {
    SimulatedPile pile = pile();
    pile.fail("lost");

    Wiring.listen(pile, events::add);

    assertEquals(List.of(new PileEvent.HardwareFailed("lost")), events);
  }

  @Test
  void aContactorThatRefusesToCloseIsFailedHardware() {
    SimulatedPile pile = pile();
    pile.fail("lost");

    Wiring.engage(pile, events::add);

    assertEquals(
        List.of(
            new PileEvent.HardwareFailed("the contactor stays open: the simulated lines are lost")),
        events);
  }

  @Test
  void theReadbackIsAnEvent() {
    SimulatedPile pile = pile();
    pile.contactor().engage();
    Wiring.readBack(pile, true, events::add);
    assertEquals(List.of(new PileEvent.ContactorRead(true)), events);
  }

  @Test
  void aContactorThatDoesNotFollowItsCommandIsTold() {
    SimulatedPile pile =
        SimulatedPile.builder(TwoNodes.TRACE, S0Meter.fitting(1000, TwoNodes.TRACE))
            .disturbances(Disturbances.builder().stuckOpen().build())
            .build();
    pile.contactor().engage();
    Wiring.readBack(pile, true, events::add);
    assertEquals(List.of(new PileEvent.ContactorRead(false)), events);
  }

  @Test
  void aContactorThatFailingHardwareReleasedIsNoFaultOfTheContactor() {
    SimulatedPile pile = pile();
    pile.contactor().engage();
    pile.fail("lost");
    pile.advance(Duration.ofSeconds(2));
    Wiring.readBack(pile, true, events::add);
    assertEquals(List.of(), events);
  }

  @Test
  void aContactorThatIsOpenAsItShouldBeIsTold() {
    SimulatedPile pile = pile();
    Wiring.readBack(pile, false, events::add);
    assertEquals(List.of(new PileEvent.ContactorRead(false)), events);
  }

  @Test
  void aContactorThatConductsAlreadyIsNotClosed() {
    SimulatedPile pile =
        SimulatedPile.builder(TwoNodes.TRACE, S0Meter.fitting(1000, TwoNodes.TRACE))
            .disturbances(Disturbances.builder().welded().build())
            .build();
    pile.contactor().engage();
    pile.contactor().release();
    pile.advance(Duration.ofMinutes(1));

    Wiring.engage(pile, events::add);

    assertEquals(List.of(new PileEvent.FoundClosed()), events);
    assertFalse(pile.contactor().commanded());
  }

  @Test
  void whatComesToCloseItWhileTheAgentStopsIsRefusedAndNoFault() {
    SimulatedPile pile = pile();
    pile.contactor().releaseForGood();

    Wiring.engage(pile, events::add);

    assertEquals(List.of(), events);
    assertFalse(pile.contactor().commanded());
    assertFalse(pile.conducting());
  }

  @Test
  void plugAndHeatAreReadAtTheStart() {
    SimulatedPile pile = pile();
    pile.heat(true);
    Wiring.read(pile, events::add);
    assertEquals(
        List.of(new PileEvent.PlugChanged(false), new PileEvent.HeatChanged(true)), events);
  }

  @Test
  void heatIsAnEvent() {
    SimulatedPile pile = pile();
    Wiring.listen(pile, events::add);
    pile.heat(true);
    pile.heat(true);
    pile.heat(false);
    assertEquals(
        List.of(new PileEvent.HeatChanged(true), new PileEvent.HeatChanged(false)), events);
  }

  @Test
  void thePlugIsAnEvent() {
    SimulatedPile pile = pile();
    Wiring.listen(pile, events::add);

    pile.advance(Duration.ofSeconds(1));

    assertEquals(List.of(new PileEvent.PlugChanged(true)), events);
  }
}
