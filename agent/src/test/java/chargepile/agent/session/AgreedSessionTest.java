package chargepile.agent.session;

import static chargepile.agent.session.SessionWorld.DRIVER;
import static chargepile.agent.session.SessionWorld.PILE;
import static chargepile.agent.session.SessionWorld.TARIFF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.Tariff;
import chargepile.agent.session.driver.DriverEvent;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session at terms that were agreed to before, as an order of the market is (P2-11). */
class AgreedSessionTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Tariff ORDERED =
      new Tariff(99, new Amount(300_000), Amount.ZERO, Amount.ZERO);
  private static final Tariff NEXT = new Tariff(100, new Amount(310_000), Amount.ZERO, Amount.ZERO);
  private static final MilliWattHours ENERGY = MilliWattHours.ofWattHours(500);

  private static SessionWorld connected() {
    SessionWorld world = new SessionWorld(TestLedger.Kind.EVM, PILE, DRIVER);
    world.connect();
    world.run(Duration.ofSeconds(1));
    world.mine(1);
    world.meter.power(11_000);
    return world;
  }

  private static EvmAddress accountOf(SessionWorld world, boolean driver) {
    return (driver ? world.pile.state.leg(PileSide.DRIVER) : world.driver.state.channel().leg())
        .peerAccount()
        .orElseThrow();
  }

  private static void tellPile(SessionWorld world, EvmAddress account, boolean inForce) {
    world.pile.on(new PileEvent.Agreed(List.of(new Agreement(ORDERED, account, ENERGY, inForce))));
  }

  private static void tellDriver(SessionWorld world, boolean inForce) {
    world.driver.on(
        new DriverEvent.Agreed(
            List.of(new Agreement(ORDERED, accountOf(world, false), ENERGY, inForce))));
  }

  private static void tellOfBoth(SessionWorld world, boolean isNextInForce) {
    EvmAddress buyer = accountOf(world, true);
    EvmAddress seller = accountOf(world, false);
    world.pile.on(
        new PileEvent.Agreed(
            List.of(
                new Agreement(ORDERED, buyer, ENERGY, true),
                new Agreement(NEXT, buyer, ENERGY, isNextInForce))));
    world.driver.on(
        new DriverEvent.Agreed(
            List.of(
                new Agreement(ORDERED, seller, ENERGY, true),
                new Agreement(NEXT, seller, ENERGY, isNextInForce))));
  }

  @Test
  void theBuyerChargesAtThePriceAndTheEnergyOfItsOrder() {
    try (SessionWorld world = connected()) {
      tellPile(world, accountOf(world, true), true);
      tellDriver(world, true);
      world.pile.plug(true);
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(ORDERED, world.pile.session().offer().tariff());
      assertEquals(StopReason.ENERGY_LIMIT, world.pile.reason());
      assertEquals(ENERGY, world.pile.delivered(Direction.IMPORT));
      assertEquals(new Amount(150_000), world.pile.paid().imported().amount());
      assertEquals(world.pile.paid(), world.driver.paid());
    }
  }

  @Test
  void anOrderOfAnotherAccountToComeChangesNothing() {
    try (SessionWorld world = connected()) {
      tellPile(world, accountOf(world, false), false);
      world.pile.plug(true);
      world.run(Duration.ofSeconds(5));
      assertEquals(TARIFF, world.pile.session().offer().tariff());
    }
  }

  @Test
  void whileAnOrderIsInForceOthersAreOfferedNothing() {
    try (SessionWorld world = connected()) {
      tellPile(world, accountOf(world, false), true);
      world.pile.plug(true);
      world.run(Duration.ofSeconds(30));
      assertTrue(world.pile.state.session().isEmpty());
      world.pile.on(new PileEvent.Agreed(List.of()));
      world.run(Duration.ofSeconds(5));
      assertEquals(TARIFF, world.pile.session().offer().tariff());
    }
  }

  @Test
  void theBuyersOrdinarySessionEndsWhenItsOrderBeginsAndTheOrderIsSoldWithoutAReplug() {
    try (SessionWorld world = connected()) {
      world.pile.plug(true);
      world.run(Duration.ofSeconds(20));
      assertEquals(TARIFF, world.pile.session().offer().tariff());
      tellPile(world, accountOf(world, true), true);
      tellDriver(world, true);
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(TARIFF, world.pile.receipts.getFirst().tariff());
      assertEquals(StopReason.AGREEMENT_OVER, world.pile.receipts.getFirst().reason());
      assertEquals(ORDERED, world.pile.session().offer().tariff());
      assertEquals(StopReason.ENERGY_LIMIT, world.pile.reason());
      assertEquals(ENERGY, world.pile.delivered(Direction.IMPORT));
      assertEquals(world.pile.paid(), world.driver.paid());
    }
  }

  @Test
  void aWalkInsSessionEndsWhereThePileIsPromisedAndNothingElseIsOfferedToItsCar() {
    try (SessionWorld world = connected()) {
      world.pile.plug(true);
      world.run(Duration.ofSeconds(20));
      tellPile(world, accountOf(world, false), true);
      world.run(Duration.ofMinutes(2));
      assertTrue(world.pile.isEnded());
      assertEquals(StopReason.AGREEMENT_OVER, world.pile.reason());
      assertEquals(TARIFF, world.pile.session().offer().tariff());
      assertEquals(1, world.pile.receipts.size());
      assertFalse(world.meter.isCommandedClosed());
    }
  }

  @Test
  void theBuyersNextOrderIsSoldWithoutAReplug() {
    try (SessionWorld world = connected()) {
      tellOfBoth(world, true);
      world.pile.plug(true);
      world.run(HOUR);
      assertEquals(
          List.of(ORDERED, NEXT), world.pile.receipts.stream().map(Receipt::tariff).toList());
      assertEquals(StopReason.ENERGY_LIMIT, world.pile.reason());
      assertEquals(ENERGY, world.pile.delivered(Direction.IMPORT));
    }
  }

  @Test
  void whatAFaultLeftOfAnOrderIsSoldWithoutAReplug() {
    try (SessionWorld world = connected()) {
      tellPile(world, accountOf(world, true), true);
      tellDriver(world, true);
      world.pile.plug(true);
      MilliWattHours half = MilliWattHours.ofWattHours(200);
      world.runUntil(
          () ->
              world.meter.isCommandedClosed()
                  && world.pile.delivered(Direction.IMPORT).compareTo(half) >= 0,
          HOUR);
      world.pile.on(new PileEvent.HardwareFailed("GPIO 17: lost"));
      world.run(Duration.ofMinutes(1));
      assertEquals(StopReason.FAULT, world.pile.reason());
      assertEquals(1, world.pile.receipts.size());
      world.pile.command(new OperatorCommand.ClearFaults());
      world.runUntil(() -> world.pile.receipts.size() == 2, HOUR);
      assertEquals(StopReason.ENERGY_LIMIT, world.pile.reason());
      assertEquals(ORDERED, world.pile.session().offer().tariff());
      assertEquals(
          ENERGY,
          world.pile.receipts.stream()
              .map(receipt -> receipt.summary().orElseThrow().importDelivered())
              .reduce(MilliWattHours.ZERO, MilliWattHours::plus));
    }
  }

  @Test
  void anOrderThatWasThoughtToHoldNoMoreIsSoldOnWithoutAReplug() {
    try (SessionWorld world = connected()) {
      tellPile(world, accountOf(world, true), true);
      tellDriver(world, true);
      world.pile.plug(true);
      world.run(Duration.ofSeconds(20));
      world.pile.on(
          new PileEvent.Agreed(
              List.of(new Agreement(NEXT, accountOf(world, true), ENERGY, false))));
      world.runUntil(() -> world.pile.receipts.size() == 1, HOUR);
      assertEquals(StopReason.AGREEMENT_OVER, world.pile.reason());
      MilliWattHours taken =
          world.pile.receipts.getFirst().summary().orElseThrow().importDelivered();
      world.pile.on(
          new PileEvent.Agreed(
              List.of(new Agreement(ORDERED, accountOf(world, true), ENERGY.minus(taken), true))));
      world.runUntil(() -> world.pile.receipts.size() == 2, HOUR);
      assertEquals(StopReason.ENERGY_LIMIT, world.pile.reason());
      assertEquals(ORDERED, world.pile.session().offer().tariff());
    }
  }

  @Test
  void anOrderOfTheBuyerThatBeginsLaterIsSoldWithoutAReplug() {
    try (SessionWorld world = connected()) {
      tellOfBoth(world, false);
      world.pile.plug(true);
      world.run(Duration.ofMinutes(10));
      assertEquals(StopReason.ENERGY_LIMIT, world.pile.reason());
      assertEquals(ORDERED, world.pile.session().offer().tariff());
      EvmAddress buyer = accountOf(world, true);
      world.pile.on(new PileEvent.Agreed(List.of(new Agreement(NEXT, buyer, ENERGY, true))));
      world.driver.on(
          new DriverEvent.Agreed(
              List.of(new Agreement(NEXT, accountOf(world, false), ENERGY, true))));
      world.runUntil(() -> world.pile.receipts.size() == 2, HOUR);
      assertEquals(NEXT, world.pile.session().offer().tariff());
      assertEquals(ENERGY, world.pile.delivered(Direction.IMPORT));
    }
  }

  @Test
  void whatTheOperatorStoppedIsNotOfferedAgainAndIsKnownToBeTheOperatorsDoing() {
    try (SessionWorld world = connected()) {
      tellOfBoth(world, true);
      world.pile.plug(true);
      world.run(Duration.ofSeconds(20));
      assertFalse(world.pile.session().isHeldByOperator());
      world.pile.command(new OperatorCommand.Pause());
      assertTrue(world.pile.session().isHeldByOperator());
      world.pile.command(new OperatorCommand.Resume());
      assertFalse(world.pile.session().isHeldByOperator());
      world.pile.command(new OperatorCommand.Stop("for repairs"));
      world.run(Duration.ofMinutes(2));
      assertTrue(world.pile.isEnded());
      assertTrue(world.pile.session().isHeldByOperator());
      assertEquals(1, world.pile.receipts.size());
    }
  }

  @Test
  void aDriverThatStopsForTheOperatorHasStoppedItself() {
    try (SessionWorld world = connected()) {
      world.pile.plug(true);
      world.run(Duration.ofSeconds(20));
      SessionStop stop =
          new SessionStop(world.pile.session().id(), StopReason.OPERATOR_STOPPED, "says who?");
      world.pile.hear(List.of(new PeerMessage.OfSession(stop)));
      assertEquals(StopReason.DRIVER_STOPPED, world.pile.reason());
    }
  }

  @Test
  void anOfferIsNotAcceptedOnceItsOrderIsOver() {
    try (SessionWorld world = connected()) {
      tellPile(world, accountOf(world, true), true);
      tellDriver(world, true);
      world.delay = () -> Duration.ofSeconds(5);
      world.pile.plug(true);
      SessionId late = world.pile.session().id();
      world.run(Duration.ofSeconds(1));
      assertEquals(ORDERED, world.pile.session().offer().tariff());
      world.pile.on(new PileEvent.Agreed(List.of()));
      world.driver.on(new DriverEvent.Agreed(List.of()));
      world.run(Duration.ofMinutes(1));
      assertTrue(
          world.pile.said.contains(
              new PeerMessage.OfSession(
                  new SessionStop(late, StopReason.OFFER_EXPIRED, "these terms hold no more"))));
      assertEquals(TARIFF, world.pile.session().offer().tariff(), "offered the pile's own terms");
      assertTrue(world.meter.isCommandedClosed());
    }
  }

  @Test
  void anOfferOfAnOrderIsNotAcceptedWhileItIsNotInForce() {
    try (SessionWorld world = connected()) {
      tellPile(world, accountOf(world, true), true);
      tellDriver(world, true);
      world.delay = () -> Duration.ofSeconds(5);
      world.pile.plug(true);
      SessionId offered = world.pile.session().id();
      tellPile(world, accountOf(world, true), false);
      world.run(Duration.ofMinutes(1));
      assertTrue(world.pile.state.session().isEmpty(), "its time is to come again");
      assertFalse(world.meter.isCommandedClosed());
      tellPile(world, accountOf(world, true), true);
      world.run(Duration.ofMinutes(1));
      assertNotEquals(offered, world.pile.session().id());
      assertEquals(ORDERED, world.pile.session().offer().tariff());
      assertTrue(world.meter.isCommandedClosed());
    }
  }

  @Test
  void nothingIsOfferedUntilTheTimeOfTheOrderComes() {
    try (SessionWorld world = connected()) {
      tellPile(world, accountOf(world, true), false);
      tellDriver(world, false);
      world.pile.plug(true);
      world.run(Duration.ofSeconds(30));
      assertTrue(world.pile.state.session().isEmpty());
      tellPile(world, accountOf(world, true), true);
      world.run(Duration.ofSeconds(30));
      assertEquals(ORDERED, world.pile.session().offer().tariff());
      assertTrue(world.meter.isCommandedClosed(), "also where the driver does not know it yet");
    }
  }

  @Test
  void aDriverWithAnOrderTakesNoOtherTermsAndIsAskedAgainWhenThePileKnowsOfIt() {
    try (SessionWorld world = connected()) {
      tellDriver(world, true);
      world.pile.plug(true);
      world.run(Duration.ofSeconds(5));
      assertEquals(1, world.driver.told(DriverNotice.OfferRefused.class).size());
      assertFalse(world.meter.isCommandedClosed());
      tellPile(world, accountOf(world, true), true);
      world.run(Duration.ofSeconds(30));
      assertEquals(ORDERED, world.pile.session().offer().tariff());
      assertTrue(world.meter.isCommandedClosed());
    }
  }

  @Test
  void theSessionEndsWhenTheOrderHoldsNoMore() {
    try (SessionWorld world = connected()) {
      tellPile(world, accountOf(world, true), true);
      tellDriver(world, true);
      world.pile.plug(true);
      world.run(Duration.ofSeconds(20));
      world.pile.on(new PileEvent.Agreed(List.of()));
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.AGREEMENT_OVER, world.pile.reason());
      assertTrue(world.pile.delivered(Direction.IMPORT).compareTo(ENERGY) < 0);
    }
  }

  @Test
  void aSessionAtThePilesOwnTermsOutlivesAnEditOfThePrice() {
    try (SessionWorld world = connected()) {
      world.pile.plug(true);
      world.run(Duration.ofSeconds(20));
      SessionId session = world.pile.session().id();
      restartAt(world, NEXT);
      world.pile.on(new PileEvent.Agreed(List.of()));
      world.connect();
      world.run(Duration.ofSeconds(20));
      assertEquals(session, world.pile.session().id());
      assertTrue(world.meter.isCommandedClosed(), "at the price that was agreed to");
      tellPile(world, accountOf(world, false), true);
      world.run(Duration.ofMinutes(2));
      assertEquals(StopReason.AGREEMENT_OVER, world.pile.reason(), "another's order has begun");
    }
  }

  @Test
  void aSessionOfAnOrderEndsAfterARestartWhereTheOrderHoldsNoMoreWhateverThePriceIs() {
    try (SessionWorld world = connected()) {
      tellPile(world, accountOf(world, true), true);
      tellDriver(world, true);
      world.pile.plug(true);
      world.run(Duration.ofSeconds(20));
      SessionId session = world.pile.session().id();
      restartAt(world, NEXT);
      tellPile(world, accountOf(world, true), true);
      world.connect();
      world.run(Duration.ofSeconds(20));
      assertEquals(session, world.pile.session().id());
      assertTrue(world.meter.isCommandedClosed());
      restartAt(world, ORDERED);
      world.pile.on(new PileEvent.Agreed(List.of()));
      assertEquals(StopReason.AGREEMENT_OVER, world.pile.reason());
    }
  }

  /** The program starts again with another price of its own. */
  private static void restartAt(SessionWorld world, Tariff own) {
    PileSettings before = world.pile.settings();
    world.pile.restart(
        new PileSettings(
            before.meter(),
            before.plausibility(),
            own,
            before.exposure(),
            before.directions(),
            before.switching(),
            before.peerTimeout(),
            before.offerTimeout(),
            before.closeTimeout(),
            before.storeEvery(),
            before.storeEveryEnergy(),
            before.closeAfterSession(),
            before.closeWhenSilent(),
            before.grace()));
  }
}
