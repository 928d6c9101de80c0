package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.runtime.Charge.Story;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.units.Satoshi;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That what must hold after an attack is missed where it does not. */
final class VerdictTest {
  /** Frames: the first act, and one between increments. */
  private static final int AT_THE_FIRST = 0;

  private static final int WHILE_CHARGING = 25;

  private static Charge dropped(TwoNodes.Terms terms, int from) {
    return new Charge(Story.TO_THE_END, terms, Attack.DROP_ALL, from, 1).run();
  }

  private static void assertFault(String text, Charge charge) {
    List<String> faults = charge.faults();
    assertTrue(faults.stream().anyMatch(fault -> fault.contains(text)), faults::toString);
  }

  /** Who neither closes the channel after a session nor when the driver is silent. */
  private static TwoNodes.Terms keepingTheChannel() {
    PileSettings usual = TwoNodes.PILE;
    return Charge.usual()
        .with(
            new PileSettings(
                usual.meter(),
                usual.plausibility(),
                usual.tariff(),
                usual.exposure(),
                usual.directions(),
                usual.switching(),
                usual.peerTimeout(),
                usual.offerTimeout(),
                usual.closeTimeout(),
                usual.storeEvery(),
                usual.storeEveryEnergy(),
                false,
                false));
  }

  @Test
  void aChannelThatStaysOpenIsFound() {
    try (Charge charge = dropped(keepingTheChannel(), WHILE_CHARGING)) {
      assertTrue(charge.hasBegun());
      assertFault("the money is not home", charge);
    }
  }

  @Test
  void aContactorThatStaysClosedIsFound() {
    try (Charge charge = dropped(Charge.usual(), WHILE_CHARGING)) {
      assertEquals(List.of(), charge.faults());
      charge.nodes.hardware.contactor().engage();
      assertFault("the contactor is closed", charge);
    }
  }

  @Test
  void moneyThatNobodySignedIsFound() {
    try (Charge charge = dropped(Charge.usual(), WHILE_CHARGING)) {
      assertEquals(List.of(), charge.faults());
      var unused = charge.nodes.chain.fund(charge.nodes.pileHome, new Satoshi(10_000));
      assertFault("came home as", charge);
    }
    try (Charge charge = dropped(Charge.usual(), AT_THE_FIRST)) {
      assertEquals(List.of(), charge.faults());
      var unused = charge.nodes.chain.fund(charge.nodes.pileHome, new Satoshi(10_000));
      assertFault("paid for nothing", charge);
    }
  }

  @Test
  void energyThatNoSessionHasIsFound() {
    try (Charge charge = dropped(Charge.usual(), WHILE_CHARGING)) {
      charge.nodes.hardware.nextCar();
      charge.nodes.hardware.plugIn();
      charge.nodes.hardware.contactor().engage();
      charge.nodes.clock.advance(Duration.ofSeconds(5));
      assertFault("the sessions have", charge);
    }
  }
}
