package chargepile.agent.session.pile;

import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.leg.LegNotice;
import chargepile.agent.session.leg.LegTransition;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The pile's channels: gives each its events, and makes its actions the pile's. */
final class PileChannels {
  /** Each is looked for on the chain with every block, and words cost who says them nothing. */
  private static final int MOST_WAITING = 32;

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
    if (event instanceof LegEvent.Heard(var said) && adopt(step, node, event, said.takesUp())) {
      return Optional.empty();
    }
    PeerChannel known = step.channels.get(node);
    if (known != null) {
      return apply(step, node, known, event);
    }
    PeerChannel fresh = fresh(step, node);
    LegTransition answer = legs.on(fresh.keyIndex(), fresh.leg(), event);
    if (isRecovering(answer.next())
        && event instanceof LegEvent.Heard(var message)
        && isFull(step, node, PileChannels::isRecovering)) {
      refuse(step, node, message, "%d lost channels wait to be closed already");
      return Optional.empty();
    }
    return apply(step, node, fresh, answer);
  }

  /**
   * A channel that the chain alone told of stands under nobody's node id. Whoever shows a voucher
   * that its other side signed is taken for that side. A node has one channel at a time: another
   * with it that the chain has not been seen to settle is watched on in its place.
   *
   * @return whether {@code node} did
   */
  private boolean adopt(PileStep step, PublicKey node, LegEvent event, Optional<ChannelId> wanted) {
    Optional<Map.Entry<PublicKey, PeerChannel>> found =
        step.channels.entrySet().stream()
            .filter(entry -> wanted.isPresent() && entry.getValue().id().equals(wanted))
            .filter(entry -> !entry.getKey().equals(node) && entry.getValue().leg().isUnproved())
            .findFirst();
    if (found.isEmpty()) {
      return false;
    }
    PublicKey nobody = found.get().getKey();
    PeerChannel channel = found.get().getValue();
    long keys = channel.keyIndex();
    PaymentLeg linked = legs.on(keys, channel.leg(), new LegEvent.Connected()).next();
    if (legs.on(keys, linked, event).next().isUnproved()) {
      return false;
    }
    PeerChannel before = step.channels.get(node);
    step.channels.remove(nobody);
    if (before != null && !before.leg().isClosed()) {
      step.channels.put(nobody, before); // settled by now, or it would have no other
      var watched = apply(step, nobody, before, new LegEvent.Restarted());
      step.changed(nobody);
    } else {
      LegTransition gone = legs.on(keys, legs.givenUp("adopted"), new LegEvent.Restarted());
      var nothing = carryOut(step, nobody, gone, false);
    }
    step.channels.put(node, channel);
    for (LegEvent each : List.of(new LegEvent.Restarted(), new LegEvent.Connected(), event)) {
      var unused = apply(step, node, step.channels.getOrDefault(node, channel), each);
    }
    return true;
  }

  /** Whether the store knew nothing of it, or too little. A penalty channel can't be made up. */
  private static boolean isRecovering(PaymentLeg leg) {
    return leg.title().equals("DataLost") && leg.penalty().isEmpty();
  }

  private PeerChannel fresh(PileStep step, PublicKey node) {
    PeerChannel fresh = new PeerChannel(step.nextKeyIndex, legs.fresh());
    return step.connected.contains(node)
        ? fresh.with(legs.on(fresh.keyIndex(), fresh.leg(), new LegEvent.Connected()).next())
        : fresh;
  }

  /** Lets go of a channel on which nothing is left to be done, so that another can be opened. */
  void forgetClosed(PileStep step, PublicKey node) {
    PeerChannel known = step.channels.get(node);
    if (known != null && known.leg().isClosed()) {
      step.channels.remove(node);
    }
  }

  /**
   * {@code node} would open a channel. One with it on which nothing is left to be done makes room
   * once the other is agreed to: what is refused changes nothing. Whoever waits for its opening
   * already is not pushed out by others, for its deposit may be on the way.
   */
  void open(PileStep step, PublicKey node, LegEvent.Heard opening) {
    PeerChannel known = step.channels.get(node);
    boolean begins = known == null || known.leg().isClosed() || known.leg().isUnopened();
    if (begins && isFull(step, node, PaymentLeg::isUnopened)) {
      refuse(step, node, opening.message(), "%d channels wait to be opened already");
      return;
    }
    if (known != null) {
      give(step, node, new LegEvent.Superseded());
    }
    PeerChannel ended = step.channels.get(node);
    if (ended == null || !ended.leg().isClosed()) {
      give(step, node, opening);
    } else {
      PeerChannel fresh = fresh(step, node);
      LegTransition answer = legs.on(fresh.keyIndex(), fresh.leg(), opening);
      if (answer.next().life() == PaymentLeg.Life.OPENING) {
        step.channels.remove(node);
        if (!ended.equals(known)) {
          step.replaced(node, ended);
        }
        apply(step, node, fresh, answer);
      } else {
        var unused = carryOut(step, node, answer, false);
      }
    }
  }

  private static boolean isFull(PileStep step, PublicKey node, Predicate<PaymentLeg> waits) {
    long others =
        step.channels.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(node) && waits.test(entry.getValue().leg()))
            .count();
    return others >= MOST_WAITING;
  }

  /** Said of no channel, so that the driver closes none over it. */
  private static void refuse(PileStep step, PublicKey node, LegMessage said, String why) {
    String reason = why.formatted(MOST_WAITING);
    step.alert("no channel with driver %s: %s".formatted(node, reason));
    step.say(node, new PeerMessage.OfLeg(said.refusal(reason + ": try again later")));
  }

  private Optional<String> apply(PileStep step, PublicKey node, PeerChannel known, LegEvent event) {
    return apply(step, node, known, legs.on(known.keyIndex(), known.leg(), event));
  }

  private static Optional<String> apply(
      PileStep step, PublicKey node, PeerChannel known, LegTransition transition) {
    boolean kept =
        step.channels.containsKey(node) || transition.next().life() != PaymentLeg.Life.ABSENT;
    if (kept) {
      step.channels.put(node, known.with(transition.next()));
      step.nextKeyIndex = Math.max(step.nextKeyIndex, known.keyIndex() + 1);
    }
    return carryOut(step, node, transition, kept);
  }

  private static Optional<String> carryOut(
      PileStep step, PublicKey node, LegTransition transition, boolean kept) {
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
