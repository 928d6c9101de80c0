package chargepile.agent.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelNotice;
import chargepile.agent.channel.ChannelTransition;
import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.session.driver.Driver;
import chargepile.agent.session.driver.DriverContext;
import chargepile.agent.session.driver.DriverEvent;
import chargepile.agent.session.driver.DriverMachine;
import chargepile.agent.session.leg.LegReport;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.leg.PenaltyLegs;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileContext;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.PileMachine;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A session awaits no payment by HTLC, so one that comes is given back and locks no channel. */
class UnknownPaymentTest {
  private static final Moment NOW = new Moment(Instant.EPOCH, 0, ByteVector32.One);
  private static final ChannelEvent.Report HAPPENED = new ChannelEvent.FundingFailed("anything");

  private final List<ChannelEvent> given = new ArrayList<>();
  private final Legs legs = new PenaltyLegs(_ -> this::channel);

  @Test
  void thePileGivesAnHtlcBackAtOnce() {
    new PileMachine(new PileContext(SessionWorld.PILE, legs))
        .on(
            Pile.fresh(SessionWorld.PILE),
            new PileEvent.Reported(PileSide.DRIVER, new LegReport.OnBitcoin(HAPPENED)),
            NOW);
    assertEquals(
        List.of(HAPPENED, new ChannelEvent.FailHtlc(3, PenaltyLegs.UNKNOWN_PAYMENT)), given);
  }

  @Test
  void theDriverGivesAnHtlcBackAtOnce() {
    new DriverMachine(new DriverContext(SessionWorld.DRIVER, legs))
        .on(Driver.fresh(0), new DriverEvent.Reported(new LegReport.OnBitcoin(HAPPENED)), NOW);
    assertEquals(
        List.of(HAPPENED, new ChannelEvent.FailHtlc(3, PenaltyLegs.UNKNOWN_PAYMENT)), given);
  }

  @Test
  void thePileLeavesAnAwaitedPaymentToWhoeverAwaitsIt() {
    new PileMachine(
            new PileContext(SessionWorld.PILE, legs, Optional.empty(), htlc -> htlc.id() == 3))
        .on(
            Pile.fresh(SessionWorld.PILE),
            new PileEvent.Reported(PileSide.DRIVER, new LegReport.OnBitcoin(HAPPENED)),
            NOW);
    assertEquals(List.of(HAPPENED), given);
  }

  @Test
  void theDriverLeavesAnAwaitedPaymentToWhoeverAwaitsIt() {
    new DriverMachine(
            new DriverContext(
                SessionWorld.DRIVER, legs, new BouncyCastleSigner(), htlc -> htlc.id() == 3))
        .on(Driver.fresh(0), new DriverEvent.Reported(new LegReport.OnBitcoin(HAPPENED)), NOW);
    assertEquals(List.of(HAPPENED), given);
  }

  /** A channel on which an HTLC has come in. */
  private ChannelTransition channel(Channel state, ChannelEvent event) {
    given.add(event);
    List<ChannelAction> actions =
        event.equals(HAPPENED)
            ? List.of(
                new ChannelAction.Notify(
                    new ChannelNotice.HtlcReceived(
                        3, new Amount(5), ByteVector32.One, 500, ByteVector.empty)))
            : List.of();
    return new ChannelTransition(state, actions);
  }
}
