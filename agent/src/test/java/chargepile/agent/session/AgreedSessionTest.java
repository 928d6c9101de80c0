package chargepile.agent.session;

import static chargepile.agent.session.SessionWorld.DRIVER;
import static chargepile.agent.session.SessionWorld.PILE;
import static chargepile.agent.session.SessionWorld.TARIFF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.Tariff;
import chargepile.agent.session.driver.DriverEvent;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session at terms that were agreed to before, as an order of the market is (P2-11). */
class AgreedSessionTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Tariff ORDERED =
      new Tariff(99, new Amount(300_000), Amount.ZERO, Amount.ZERO);
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
  void theOrderOfAnotherAccountChangesNothing() {
    try (SessionWorld world = connected()) {
      tellPile(world, accountOf(world, false), true);
      world.pile.plug(true);
      world.run(Duration.ofSeconds(5));
      assertEquals(TARIFF, world.pile.session().offer().tariff());
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
      assertEquals(StopReason.TIME_LIMIT, world.pile.reason());
      assertTrue(world.pile.delivered(Direction.IMPORT).compareTo(ENERGY) < 0);
    }
  }
}
