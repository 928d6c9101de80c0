package chargepile.agent.session.leg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelNotice;
import chargepile.agent.channel.ChannelTransition;
import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Watches;
import chargepile.agent.channel.wire.Warning;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import chargepile.agent.units.SessionId;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherNotice;
import chargepile.agent.voucher.VoucherOutcome;
import chargepile.agent.voucher.VoucherTransition;
import chargepile.agent.voucher.wire.VoucherMessage;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Either ledger's channels in the session's words. */
class LegsTest {
  private static final Legs BITCOIN =
      new PenaltyLegs(_ -> (state, _) -> new ChannelTransition(state, List.of()));
  private static final Legs EVM =
      new VoucherLegs((state, _) -> new VoucherTransition(state, List.of()));
  private static final LegMessage OF_CHANNEL =
      new LegMessage.OfChannel(new Warning(new ChannelId(ByteVector32.One), "beware"));
  private static final LegMessage OF_VOUCHER =
      new LegMessage.OfVoucher(new VoucherMessage.VoucherError(Optional.empty(), "beware"));

  @Test
  void aPeerOnTheOtherLedgerIsToldOfAndChangesNothing() {
    LegTransition onBitcoin = BITCOIN.on(0, BITCOIN.fresh(), new LegEvent.Heard(OF_VOUCHER));
    LegTransition onEvm = EVM.on(0, EVM.fresh(), new LegEvent.Heard(OF_CHANNEL));

    assertSame(BITCOIN.fresh(), onBitcoin.next());
    assertSame(EVM.fresh(), onEvm.next());
    for (LegTransition answer : List.of(onBitcoin, onEvm)) {
      assertTrue(
          answer.actions().getFirst() instanceof LegAction.Alert(String text)
              && text.contains("both need the same ledger"));
    }
  }

  @Test
  void aCommandOfTheOtherLedgerIsRefused() {
    LegEvent open =
        LegEvent.open(
            new ChannelId(ByteVector32.One), new Satoshi(1), Amount.ZERO, new Feerate(253));
    assertRefused(EVM.on(0, EVM.fresh(), open));
    assertRefused(BITCOIN.on(0, BITCOIN.fresh(), LegEvent.deposit(new Amount(5))));
  }

  private static void assertRefused(LegTransition answer) {
    assertTrue(
        answer.actions().getFirst() instanceof LegAction.Notify(LegNotice.Refused _),
        () -> answer.actions().toString());
  }

  @Test
  void aPaymentUnderALockIsOfferedAndGivenBackOnEitherLedger() {
    List<VoucherEvent> given = new ArrayList<>();
    VoucherLegs offering =
        new VoucherLegs(
            (state, event) -> {
              given.add(event);
              return new VoucherTransition(
                  state,
                  List.of(
                      new VoucherAction.Notify(
                          new VoucherNotice.HtlcReceived(
                              3,
                              new Amount(5),
                              ByteVector32.One,
                              1_700_000_000,
                              ByteVector.empty))));
            });
    LegTransition answer = offering.on(0, offering.fresh(), new LegEvent.GiveBack(3));
    assertEquals(
        List.of(
            new LegAction.Notify(
                new LegNotice.PaymentOffered(
                    new ChannelNotice.HtlcReceived(
                        3, new Amount(5), ByteVector32.One, 1_700_000_000, ByteVector.empty)))),
        answer.actions());
    assertEquals(List.of(new VoucherEvent.FailHtlc(3, PenaltyLegs.UNKNOWN_PAYMENT)), given);
  }

  @Test
  void aChannelOfTheOtherLedgerIsADefect() {
    assertThrows(
        IllegalArgumentException.class, () -> EVM.on(0, BITCOIN.fresh(), new LegEvent.Connected()));
    assertThrows(
        IllegalArgumentException.class, () -> BITCOIN.on(0, EVM.fresh(), new LegEvent.Connected()));
  }

  @Test
  void afterAStartTheLedgerIsToldWhatIsWatched() {
    assertEquals(
        List.of(new LegAction.OnBitcoin(new ChannelAction.Watch(Watches.NONE))),
        BITCOIN.on(0, BITCOIN.fresh(), new LegEvent.Restarted()).actions());
    assertEquals(
        List.of(new LegAction.OnEvm(new VoucherAction.Watch(Optional.empty()))),
        EVM.on(0, EVM.fresh(), new LegEvent.Restarted()).actions());
  }

  @Test
  void whyAPeerEndsAChannelIsToldBeforeThatItDoes() {
    VoucherLegs ending =
        new VoucherLegs(
            (state, _) ->
                new VoucherTransition(
                    state,
                    List.of(
                        new VoucherAction.Notify(new VoucherNotice.Ending("closed")),
                        new VoucherAction.Notify(new VoucherNotice.PeerObjected("too dear")))));
    assertEquals(
        List.of(
            new LegAction.Notify(new LegNotice.PeerObjected("too dear")),
            new LegAction.Notify(new LegNotice.Ending("closed"))),
        ending.on(0, ending.fresh(), new LegEvent.Heard(OF_VOUCHER)).actions());
  }

  @Test
  void whatWasNeverBegunSaysTheSameOnEveryLedger() {
    SessionId session = new SessionId(ByteVector32.One.take(16));
    for (PaymentLeg leg : List.of(PaymentLeg.none(), BITCOIN.fresh(), EVM.fresh())) {
      assertEquals(PaymentLeg.Life.ABSENT, leg.life());
      assertEquals(Optional.empty(), leg.id());
      assertEquals(Optional.empty(), leg.signed());
      assertEquals(Amount.ZERO, leg.spendable(Direction.IMPORT));
      assertEquals(PaymentLeg.none().paid(session), leg.paid(session));
      assertTrue(!leg.isUsable() && !leg.isOpen() && !leg.isPending() && !leg.isUnfinished());
    }
  }

  @Test
  void whatWasGivenUpWasAbandoned() {
    for (Legs legs : List.of(BITCOIN, EVM)) {
      PaymentLeg leg = legs.givenUp("restarted");
      assertEquals(Optional.of(LegOutcome.ABANDONED), leg.outcome());
      assertTrue(leg.isClosed() && !leg.isUnfinished());
    }
  }

  @Test
  void everyOutcomeKeepsItsName() {
    Set<String> names =
        Stream.concat(
                Arrays.stream(Outcome.values()).map(Enum::name),
                Arrays.stream(VoucherOutcome.values()).map(Enum::name))
            .collect(Collectors.toSet());
    assertEquals(
        names, Arrays.stream(LegOutcome.values()).map(Enum::name).collect(Collectors.toSet()));
    for (Outcome outcome : Outcome.values()) {
      assertEquals(outcome.name(), LegOutcome.of(outcome).name());
    }
    for (VoucherOutcome outcome : VoucherOutcome.values()) {
      assertEquals(outcome.name(), LegOutcome.of(outcome).name());
    }
  }

  @Test
  void onlyABitcoinOpeningGoesToABitcoinChannel() {
    assertEquals(
        new LegEvent.OnEvm(new VoucherEvent.Open(7, new Amount(5))),
        LegEvent.open(7, new Amount(5)));
    assertTrue(LegEvent.feerate(new Feerate(253)) instanceof LegEvent.OnBitcoin);
    assertEquals(
        new LegEvent.OnBitcoin(new ChannelEvent.SetFeerate(new Feerate(253))),
        LegEvent.feerate(new Feerate(253)));
  }
}
