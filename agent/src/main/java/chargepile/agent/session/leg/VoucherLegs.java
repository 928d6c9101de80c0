package chargepile.agent.session.leg;

import chargepile.agent.channel.ChannelNotice;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherNotice;
import chargepile.agent.voucher.VoucherOutcome;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.VoucherTransition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Voucher channels on an EVM chain (P2-15): the session's words in the channel's, and back. All of
 * a node's channels have the same key: it is the node's account.
 */
public record VoucherLegs(VoucherLogic machine) implements Legs {
  @Override
  public AmountUnit unit() {
    return AmountUnit.BASE_UNIT;
  }

  @Override
  public PaymentLeg fresh() {
    return VoucherLeg.NEW;
  }

  @Override
  public PaymentLeg givenUp(String reason) {
    return new VoucherLeg(
        new VoucherChannel(
            VoucherChannel.Link.DOWN,
            new VoucherStage.Closed(VoucherOutcome.ABANDONED, reason, Optional.empty())));
  }

  @Override
  public LegTransition on(long keyIndex, PaymentLeg leg, LegEvent event) {
    return switch (leg) {
      case VoucherLeg(VoucherChannel channel) ->
          inWordsOfChannel(event)
              .map(known -> on(channel, known, event instanceof LegEvent.Restarted))
              .orElseGet(() -> refused(leg, event));
      case PenaltyLeg other ->
          throw new IllegalArgumentException(
              "a penalty channel (%s) at a node that pays with vouchers".formatted(other.title()));
    };
  }

  private LegTransition on(VoucherChannel channel, VoucherEvent event, boolean restarted) {
    VoucherTransition transition = machine.on(channel, event);
    VoucherLeg next = new VoucherLeg(transition.next());
    List<LegAction> actions = new ArrayList<>();
    transition.actions().forEach(action -> action(action).ifPresent(actions::add));
    // Why the peer ends it comes before that it does: a session keeps the first reason it hears.
    actions.sort(Comparator.comparing(action -> !isObjection(action)));
    if (restarted) {
      actions.add(new LegAction.OnEvm(next.watch()));
    }
    return new LegTransition(next, actions);
  }

  private static boolean isObjection(LegAction action) {
    return action instanceof LegAction.Notify(LegNotice.PeerObjected _);
  }

  /** Empty for what only another ledger has. */
  private static Optional<VoucherEvent> inWordsOfChannel(LegEvent event) {
    return switch (event) {
      case LegEvent.Restarted(), LegEvent.Disconnected() ->
          Optional.of(new VoucherEvent.Disconnected());
      case LegEvent.Connected() -> Optional.of(new VoucherEvent.Connected());
      case LegEvent.Superseded() -> Optional.of(new VoucherEvent.Superseded());
      case LegEvent.Heard(LegMessage.OfVoucher(var message)) ->
          Optional.of(new VoucherEvent.Received(message));
      case LegEvent.Heard(LegMessage.OfChannel _) -> Optional.empty();
      case LegEvent.Reported(LegReport.OnEvm(var report)) -> Optional.of(report);
      case LegEvent.Reported(LegReport.OnBitcoin _) -> Optional.empty();
      case LegEvent.Claim(var claim) -> Optional.of(new VoucherEvent.ClaimEnergy(claim));
      case LegEvent.Refuse(String reason) -> Optional.of(new VoucherEvent.Refuse(reason));
      case LegEvent.CloseCooperatively() -> Optional.of(new VoucherEvent.CloseCooperatively());
      case LegEvent.CloseUnilaterally(String reason) ->
          Optional.of(new VoucherEvent.CloseUnilaterally(reason));
      case LegEvent.GiveBack(long id) ->
          Optional.of(new VoucherEvent.FailHtlc(id, PenaltyLegs.UNKNOWN_PAYMENT));
      case LegEvent.OnBitcoin _ -> Optional.empty();
      case LegEvent.OnEvm(var command) -> Optional.of(command);
    };
  }

  private static LegTransition refused(PaymentLeg leg, LegEvent event) {
    LegAction answer =
        event instanceof LegEvent.Heard
            ? new LegAction.Alert(
                "the peer speaks of a penalty channel on Bitcoin, and this node pays with vouchers"
                    + " on an EVM chain: ignored; both need the same ledger")
            : new LegAction.Notify(
                new LegNotice.Refused(
                    "only a penalty channel on Bitcoin has that, and this node pays with vouchers"
                        + " on an EVM chain"));
    return new LegTransition(leg, List.of(answer));
  }

  private static Optional<LegAction> action(VoucherAction action) {
    return switch (action) {
      case VoucherAction.Store(String name) -> Optional.of(new LegAction.Store(name));
      case VoucherAction.Send(var messages) ->
          Optional.of(
              new LegAction.Send(
                  messages.stream().<LegMessage>map(LegMessage.OfVoucher::new).toList()));
      case VoucherAction.Errand errand -> Optional.of(new LegAction.OnEvm(errand));
      case VoucherAction.Notify(var notice) -> notice(notice).map(LegAction.Notify::new);
      case VoucherAction.Alert(String text) -> Optional.of(new LegAction.Alert(text));
    };
  }

  private static Optional<LegNotice> notice(VoucherNotice notice) {
    return switch (notice) {
      case VoucherNotice.Opened(var channel) ->
          Optional.of(new LegNotice.Funded("the contract, as channel " + channel));
      case VoucherNotice.Usable() -> Optional.of(new LegNotice.Usable());
      case VoucherNotice.EnergySettled(var claim) ->
          Optional.of(new LegNotice.EnergySettled(claim));
      case VoucherNotice.HtlcReceived(long id, var amount, var hash, long expiry, var onion) ->
          Optional.of(
              new LegNotice.PaymentOffered(
                  new ChannelNotice.HtlcReceived(id, amount, hash, expiry, onion)));
      case VoucherNotice.HtlcFulfilled _, VoucherNotice.HtlcFailed _, VoucherNotice.HtlcLapsed _ ->
          Optional.empty(); // a session offers none
      case VoucherNotice.Deposited _ -> Optional.empty(); // seen in what can be spent
      case VoucherNotice.Suspended(String reason) -> Optional.of(new LegNotice.Suspended(reason));
      case VoucherNotice.CommandRefused(String reason) ->
          Optional.of(new LegNotice.Refused(reason));
      case VoucherNotice.PeerObjected(String text) -> Optional.of(new LegNotice.PeerObjected(text));
      case VoucherNotice.Ending(String reason) -> Optional.of(new LegNotice.Ending(reason));
      case VoucherNotice.Closed(var outcome) ->
          Optional.of(new LegNotice.Closed(LegOutcome.of(outcome), Optional.empty()));
    };
  }
}
