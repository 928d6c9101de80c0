package chargepile.agent.session.leg;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelNotice;
import chargepile.agent.channel.ChannelTransition;
import chargepile.agent.channel.Link;
import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.channel.Watching;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.AmountUnit;
import fr.acinq.bitcoin.ByteVector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Penalty channels on Bitcoin: the session's words in the channel's, and back.
 *
 * @param machines the channel machine for the keys with an index; always the same for an index
 */
public record PenaltyLegs(LongFunction<ChannelLogic> machines) implements Legs {
  /** Why an HTLC is given back: a session sells and buys energy and awaits no payment by HTLC. */
  public static final ByteVector UNKNOWN_PAYMENT =
      new ByteVector("unknown payment".getBytes(StandardCharsets.UTF_8));

  @Override
  public AmountUnit unit() {
    return AmountUnit.MILLISATOSHI;
  }

  @Override
  public PaymentLeg fresh() {
    return PenaltyLeg.NEW;
  }

  @Override
  public PaymentLeg givenUp(String reason) {
    return new PenaltyLeg(
        new Channel(Link.DOWN, new Stage.Closed(Outcome.ABANDONED, reason, Optional.empty())));
  }

  @Override
  public LegTransition on(long keyIndex, PaymentLeg leg, LegEvent event) {
    return switch (leg) {
      case PenaltyLeg(Channel channel) ->
          inWordsOfChannel(event)
              .map(
                  known ->
                      on(
                          machines.apply(keyIndex),
                          channel,
                          known,
                          event instanceof LegEvent.Restarted))
              .orElseGet(() -> refused(leg, event));
      case VoucherLeg other ->
          throw new IllegalArgumentException(
              "a voucher channel (%s) at a node that pays on Bitcoin".formatted(other.title()));
    };
  }

  private static LegTransition on(
      ChannelLogic machine, Channel channel, ChannelEvent event, boolean restarted) {
    ChannelTransition transition = machine.on(channel, event);
    List<LegAction> actions = new ArrayList<>();
    PenaltyLeg next = new PenaltyLeg(transition.next());
    transition.actions().forEach(action -> action(action, next).ifPresent(actions::add));
    if (restarted) {
      actions.add(
          new LegAction.OnBitcoin(new ChannelAction.Watch(Watching.of(transition.next().stage()))));
    }
    return new LegTransition(next, actions);
  }

  private static LegTransition refused(PaymentLeg leg, LegEvent event) {
    LegAction answer =
        event instanceof LegEvent.Heard
            ? new LegAction.Alert(
                "the peer speaks of a voucher channel on an EVM chain, and this node pays on"
                    + " Bitcoin: ignored; both need the same ledger")
            : new LegAction.Notify(
                new LegNotice.Refused(
                    "only a voucher channel on an EVM chain has that, and this node pays on"
                        + " Bitcoin"));
    return new LegTransition(leg, List.of(answer));
  }

  /** Empty for what only another ledger has. */
  private static Optional<ChannelEvent> inWordsOfChannel(LegEvent event) {
    return switch (event) {
      case LegEvent.Restarted(), LegEvent.Disconnected() ->
          Optional.of(new ChannelEvent.Disconnected());
      case LegEvent.Connected() -> Optional.of(new ChannelEvent.Connected());
      case LegEvent.Superseded() -> Optional.of(new ChannelEvent.Superseded());
      case LegEvent.Heard(LegMessage.OfChannel(var message)) ->
          Optional.of(new ChannelEvent.Received(message));
      case LegEvent.Heard(LegMessage.OfVoucher _) -> Optional.empty();
      case LegEvent.Reported(LegReport.OnBitcoin(var report)) -> Optional.of(report);
      case LegEvent.Reported(LegReport.OnEvm _) -> Optional.empty();
      case LegEvent.Claim(EnergyClaim claim) ->
          Optional.of(
              new ChannelEvent.ClaimEnergy(
                  claim.session(),
                  claim.direction(),
                  claim.energy(),
                  claim.duration(),
                  claim.amount(),
                  claim.tariffId(),
                  claim.meterRecord()));
      case LegEvent.Refuse(String reason) -> Optional.of(new ChannelEvent.Refuse(reason));
      case LegEvent.CloseCooperatively() -> Optional.of(new ChannelEvent.CloseCooperatively());
      case LegEvent.CloseUnilaterally(String reason) ->
          Optional.of(new ChannelEvent.CloseUnilaterally(reason));
      case LegEvent.GiveBack(long id) ->
          Optional.of(new ChannelEvent.FailHtlc(id, UNKNOWN_PAYMENT));
      case LegEvent.OnBitcoin(var command) -> Optional.of(command);
      case LegEvent.OnEvm _ -> Optional.empty();
    };
  }

  private static Optional<LegAction> action(ChannelAction action, PenaltyLeg next) {
    return switch (action) {
      case ChannelAction.Store(String name) -> Optional.of(new LegAction.Store(name));
      case ChannelAction.Send(var messages) ->
          Optional.of(
              new LegAction.Send(
                  messages.stream().<LegMessage>map(LegMessage.OfChannel::new).toList()));
      case ChannelAction.Remember revoked -> Optional.of(new LegAction.Remember(revoked));
      case ChannelAction.Errand errand -> Optional.of(new LegAction.OnBitcoin(errand));
      case ChannelAction.Notify(var notice) -> notice(notice, next).map(LegAction.Notify::new);
      case ChannelAction.Alert(String text) -> Optional.of(new LegAction.Alert(text));
    };
  }

  private static Optional<LegNotice> notice(ChannelNotice notice, PenaltyLeg next) {
    return switch (notice) {
      case ChannelNotice.Funded(var funding) ->
          Optional.of(new LegNotice.Funded(funding.toString()));
      case ChannelNotice.Usable() -> Optional.of(new LegNotice.Usable());
      case ChannelNotice.EnergySettled(var update) ->
          Optional.of(new LegNotice.EnergySettled(update.claim()));
      case ChannelNotice.HtlcReceived htlc -> Optional.of(new LegNotice.PaymentOffered(htlc));
      case ChannelNotice.HtlcFulfilled _, ChannelNotice.HtlcFailed _, ChannelNotice.HtlcLapsed _ ->
          Optional.empty(); // whoever offered it sees it in the channel
      case ChannelNotice.Suspended(String reason) -> Optional.of(new LegNotice.Suspended(reason));
      case ChannelNotice.CommandRefused(String reason) ->
          Optional.of(new LegNotice.Refused(reason));
      case ChannelNotice.PeerObjected(String text) -> Optional.of(new LegNotice.PeerObjected(text));
      case ChannelNotice.Ending(String reason) -> Optional.of(new LegNotice.Ending(reason));
      case ChannelNotice.Closed(var outcome, var closing) ->
          Optional.of(
              new LegNotice.Closed(LegOutcome.of(outcome), closing.flatMap(next::lastPaid)));
    };
  }
}
