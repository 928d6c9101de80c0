package chargepile.agent.session.pile;

import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelAction;
import chargepile.agent.channel.ChannelEvent;
import chargepile.agent.channel.ChannelNotice;
import chargepile.agent.channel.ChannelTransition;
import chargepile.agent.channel.Stage;
import chargepile.agent.session.ChannelLogic;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerMessage;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;
import java.util.function.LongFunction;

/** The pile's channels: gives each its events, and makes its actions the pile's. */
final class PileChannels {
  private final LongFunction<ChannelLogic> logic;

  PileChannels(LongFunction<ChannelLogic> logic) {
    this.logic = logic;
  }

  /**
   * Gives an event to the channel with {@code node}.
   *
   * @return why a command can't be done, if so
   */
  Optional<String> give(PileStep step, PublicKey node, ChannelEvent event) {
    PeerChannel known = step.channels.get(node);
    if (known != null) {
      return apply(step, node, known, event);
    }
    PeerChannel fresh = new PeerChannel(step.nextKeyIndex, Channel.NEW);
    if (step.connected.contains(node)) {
      fresh =
          fresh.with(
              logic.apply(fresh.keyIndex()).on(Channel.NEW, new ChannelEvent.Connected()).next());
    }
    return apply(step, node, fresh, event);
  }

  /** Lets go of a channel on which nothing is left to be done, so that another can be opened. */
  void forgetClosed(PileStep step, PublicKey node) {
    PeerChannel known = step.channels.get(node);
    if (known != null && known.channel().stage() instanceof Stage.Closed) {
      step.channels.remove(node);
    }
  }

  /** Likewise, for a channel that {@code node} is about to open. */
  void makeRoom(PileStep step, PublicKey node) {
    PeerChannel known = step.channels.get(node);
    if (known != null) {
      give(step, node, new ChannelEvent.Superseded());
      PeerChannel ended = step.channels.getOrDefault(node, known);
      forgetClosed(step, node);
      if (!step.channels.containsKey(node) && !ended.equals(known)) {
        step.replaced(node, ended);
      }
    }
  }

  private Optional<String> apply(
      PileStep step, PublicKey node, PeerChannel known, ChannelEvent event) {
    ChannelTransition transition = logic.apply(known.keyIndex()).on(known.channel(), event);
    boolean kept =
        step.channels.containsKey(node) || !(transition.next().stage() instanceof Stage.Absent);
    if (kept) {
      step.channels.put(node, known.with(transition.next()));
      step.nextKeyIndex = Math.max(step.nextKeyIndex, known.keyIndex() + 1);
    }
    String refusal = null;
    for (ChannelAction action : transition.actions()) {
      switch (action) {
        case ChannelAction.Store(String name) -> {
          step.store(name);
          if (kept) {
            step.changed(node);
          }
        }
        case ChannelAction.Send(var messages) ->
            messages.forEach(message -> step.say(node, new PeerMessage.OfChannel(message)));
        case ChannelAction.Remember remember -> step.remember(node, remember);
        case ChannelAction.Errand errand -> step.errand(node, errand);
        case ChannelAction.Notify(ChannelNotice.CommandRefused(String reason)) -> refusal = reason;
        case ChannelAction.Notify(var notice) -> step.notice(node, notice);
        case ChannelAction.Alert(String text) -> step.alert(text);
      }
    }
    return Optional.ofNullable(refusal);
  }
}
