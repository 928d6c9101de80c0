package chargepile.agent.session;

import static chargepile.agent.session.SessionLifeTest.assertPaidInFull;
import static chargepile.agent.session.SessionLifeTest.charging;
import static chargepile.agent.session.SessionLifeTest.outcome;
import static chargepile.agent.session.SessionLifeTest.staying;
import static chargepile.agent.session.SessionLifeTest.wh;
import static chargepile.agent.session.SessionLifeTest.with;
import static chargepile.agent.session.SessionWorld.DRIVER;
import static chargepile.agent.session.SessionWorld.PILE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.wire.Warning;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.SessionId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one side's word is worth to the other's money. */
class SessionTrustTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void aDriverThatAnswersEveryClaimIsNotSilentHoweverFastTheyFollowEachOther() {
    try (SessionWorld world = charging(with(PILE, new Exposure(wh(1), wh(100))), DRIVER)) {
      world.delay = () -> Duration.ofMillis(300); // a claim is always under way
      world.meter.power(20_000);
      world.run(PILE.peerTimeout().multipliedBy(5));
      assertEquals(new Phase.Charging(), world.pile.session().phase());
      assertEquals(1, world.pile.closings);
    }
  }

  @Test
  void aDriverCantSayWhatOnlyThePileSees() {
    for (StopReason said :
        List.of(StopReason.UNPLUGGED, StopReason.PEER_SILENT, StopReason.CHANNEL_CLOSING)) {
      try (SessionWorld world = charging(staying(PILE), DRIVER)) {
        world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
        world.run(Duration.ofSeconds(5));
        SessionId session = world.pile.session().id();
        world.pile.hear(List.of(new PeerMessage.OfSession(new SessionStop(session, said, "so"))));
        assertFalse(world.meter.isCommandedClosed());
        world.runUntil(world.pile::isEnded, HOUR);
        assertEquals(StopReason.DRIVER_STOPPED, world.pile.reason());
        assertPaidInFull(world);
        world.run(Duration.ofMinutes(1));
        assertEquals(session, world.pile.session().id(), "no offer before the car is plugged anew");
        assertTrue(
            world.pile.state.leg(PileSide.DRIVER).penalty().orElseThrow().stage()
                instanceof Stage.Normal);
      }
    }
  }

  @Test
  void aPileThatWasPaidAheadGetsNoNewSessionBeforeItCanHaveDelivered() {
    try (SessionWorld world = charging(with(PILE, new Exposure(wh(100), wh(0))), DRIVER)) {
      world.runUntil(() -> !world.driver.told(DriverNotice.EnergyPaid.class).isEmpty(), HOUR);
      SessionOffer first = world.pile.session().offer();
      SessionOffer second =
          new SessionOffer(
              new SessionId(SessionWorld.seed("another").take(16)),
              first.tariff(),
              first.increment(),
              first.credit(),
              first.directions(),
              first.importRegister(),
              first.exportRegister(),
              first.ratedPowerWatts());
      world.driver.hear(List.of(new PeerMessage.OfSession(second)));
      assertTrue(
          world.driver.told(DriverNotice.OfferRefused.class).getFirst().text().contains("allow"));
      assertEquals(first.sessionId(), world.driver.state.session().orElseThrow().id());
    }
  }

  @Test
  void aDriverThatRefusesToPayGetsNoSecondCreditOnItsChannel() {
    try (SessionWorld world = charging(staying(PILE), DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      var id =
          world
              .pile
              .state
              .leg(PileSide.DRIVER)
              .penalty()
              .orElseThrow()
              .commitments()
              .orElseThrow()
              .channelId();
      world.pile.hear(List.of(PeerMessage.ofChannel(new Warning(id, "too dear"))));
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.UPDATE_REFUSED, world.pile.reason());
      world.run(Duration.ofSeconds(5)).mine(4);
      assertEquals(Outcome.COOPERATIVE_CLOSE, outcome(world));
    }
  }
}
