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

import chargepile.agent.channel.wire.EnergyUpdate;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.driver.Refusal;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.SessionId;
import chargepile.agent.voucher.wire.VoucherMessage;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one side's word is worth to the other's money. */
class SessionTrustTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @EnumSource
  void aDriverThatAnswersEveryClaimIsNotSilentHoweverFastTheyFollowEachOther(
      TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, with(PILE, new Exposure(wh(1), wh(100))), DRIVER)) {
      world.delay = () -> Duration.ofMillis(300); // a claim is always under way
      world.meter.power(20_000);
      world.run(PILE.peerTimeout().multipliedBy(5));
      assertEquals(new Phase.Charging(), world.pile.session().phase());
      assertEquals(1, world.pile.closings);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDriverCantSayWhatOnlyThePileSees(TestLedger.Kind ledger) {
    for (StopReason said :
        List.of(StopReason.UNPLUGGED, StopReason.PEER_SILENT, StopReason.CHANNEL_CLOSING)) {
      try (SessionWorld world = charging(ledger, staying(PILE), DRIVER)) {
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
        assertTrue(world.pile.state.leg(PileSide.DRIVER).isOpen());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPileThatWasPaidAheadGetsNoNewSessionBeforeItCanHaveDelivered(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, with(PILE, new Exposure(wh(100), wh(0))), DRIVER)) {
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

  @ParameterizedTest
  @EnumSource
  void aDriverThatRefusesToPayGetsNoSecondCreditOnItsChannel(TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, staying(PILE), DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 1, HOUR);
      var id = world.pile.state.leg(PileSide.DRIVER).id().orElseThrow();
      world.pile.hear(List.of(new PeerMessage.OfLeg(world.ledger.objection(id, "too dear"))));
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.UPDATE_REFUSED, world.pile.reason());
      world.run(Duration.ofSeconds(5)).mine(4);
      assertEquals(LegOutcome.COOPERATIVE_CLOSE, outcome(world));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClaimForMoreThanWasAgreedIsNotPaidAndEndsTheChannelAtWhatBothSigned(
      TestLedger.Kind ledger) {
    try (SessionWorld world = charging(ledger, staying(PILE), DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 10, HOUR);
      world.run(Duration.ofSeconds(5));
      SessionTotals paid = world.driver.paid();
      world.forge = SessionTrustTest::dearer;
      world.runUntil(world.pile::isEnded, HOUR);
      assertEquals(StopReason.UPDATE_REFUSED, world.pile.reason());
      assertEquals(
          Refusal.WRONG_AMOUNT,
          world.driver.told(DriverNotice.ClaimRefused.class).getFirst().refusal());
      assertEquals(paid, world.driver.paid());
      assertEquals(paid, world.pile.paid());
      assertTrue(world.pile.session().maxUnpaid().compareTo(wh(100)) <= 0);
      world.forge = UnaryOperator.identity();
      world.run(Duration.ofSeconds(5)).mine(4);
      assertEquals(LegOutcome.COOPERATIVE_CLOSE, outcome(world));
      assertEquals(world.ledger.whole(paid.imported().amount()), world.ledger.received("pile"));
    }
  }

  private static PeerMessage dearer(PeerMessage message) {
    return switch (message) {
      case PeerMessage.OfLeg(LegMessage.OfChannel(EnergyUpdate said)) ->
          PeerMessage.ofChannel(
              new EnergyUpdate(
                  said.channelId(),
                  said.sessionId(),
                  said.direction(),
                  said.energy(),
                  said.duration(),
                  said.amount().plus(new Amount(1)),
                  said.tariffId(),
                  said.meterRecord()));
      case PeerMessage.OfLeg(LegMessage.OfVoucher(VoucherMessage.VoucherRequest said)) ->
          new PeerMessage.OfLeg(
              new LegMessage.OfVoucher(
                  new VoucherMessage.VoucherRequest(
                      said.channelId(), dearer(said.claim()), said.paid())));
      default -> message;
    };
  }

  private static EnergyClaim dearer(EnergyClaim said) {
    return new EnergyClaim(
        said.session(),
        said.direction(),
        said.energy(),
        said.duration(),
        said.amount().plus(new Amount(1)),
        said.tariffId(),
        said.meterRecord());
  }
}
