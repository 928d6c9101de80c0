package chargepile.agent.session.pile;

import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.leg.LegNotice;
import chargepile.agent.session.leg.LegTransition;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.leg.PaymentLeg;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;

/** The pile's channels: gives each its events, and makes its actions the pile's. */
final class PileChannels {
  private final Legs legs;

  PileChannels(Legs legs) {
    this.legs = legs;
  }

  /**
   * Gives an event to the channel with {@code node}.
   *
   * @return why a command can't be done, if so
   */
  Optional<String> give(PileStep step, PublicKey node, LegEvent event) {
    PeerChannel known = step.channels.get(node);
    if (known != null) {
      return apply(step, node, known, event);
    }
    PeerChannel fresh = new PeerChannel(step.nextKeyIndex, legs.fresh());
    if (step.connected.contains(node)) {
      fresh = fresh.with(legs.on(fresh.keyIndex(), fresh.leg(), new LegEvent.Connected()).next());
    }
    return apply(step, node, fresh, event);
  }

  /** Lets go of a channel on which nothing is left to be done, so that another can be opened. */
  void forgetClosed(PileStep step, PublicKey node) {
    PeerChannel known = step.channels.get(node);
    if (known != null && known.leg().isClosed()) {
      step.channels.remove(node);
    }
  }

  /** Likewise, for a channel that {@code node} is about to open. */
  void makeRoom(PileStep step, PublicKey node) {
    PeerChannel known = step.channels.get(node);
    if (known != null) {
      give(step, node, new LegEvent.Superseded());
      PeerChannel ended = step.channels.getOrDefault(node, known);
      forgetClosed(step, node);
      if (!step.channels.containsKey(node) && !ended.equals(known)) {
        step.replaced(node, ended);
      }
    }
  }

  private Optional<String> apply(PileStep step, PublicKey node, PeerChannel known, LegEvent event) {
    LegTransition transition = legs.on(known.keyIndex(), known.leg(), event);
    boolean kept =
        step.channels.containsKey(node) || transition.next().life() != PaymentLeg.Life.ABSENT;
    if (kept) {
      step.channels.put(node, known.with(transition.next()));
      step.nextKeyIndex = Math.max(step.nextKeyIndex, known.keyIndex() + 1);
    }
    String refusal = null;
    for (LegAction action : transition.actions()) {
      switch (action) {
        case LegAction.Store(String name) -> {
          step.store(name);
          if (kept) {
            step.changed(node);
          }
        }
        case LegAction.Send(var messages) ->
            messages.forEach(message -> step.say(node, new PeerMessage.OfLeg(message)));
        case LegAction.Remember remember -> step.remember(node, remember);
        case LegAction.Errand errand -> step.errand(node, errand);
        case LegAction.Notify(LegNotice.Refused(String reason)) -> refusal = reason;
        case LegAction.Notify(var notice) -> step.notice(node, notice);
        case LegAction.Alert(String text) -> step.alert(text);
      }
    }
    return Optional.ofNullable(refusal);
  }
}
