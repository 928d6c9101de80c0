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
import java.util.stream.Stream;

/**
 * The pile's channels: gives each its events, and makes its actions the pile's.
 *
 * <p>Of what is a driver's word alone nothing is stored, published or told to the operator, and it
 * is forgotten when too much of it waits: no driver loses by that, for it takes its channel up
 * again when it connects the next time.
 */
final class PileChannels {
  /** Each is looked for on the chain, and words cost who says them nothing. */
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
    boolean makesRoom =
        known != null && known.leg().isClosed() && takesUpAnother(step, node, event);
    PeerChannel of = known == null || makesRoom ? fresh(step, node) : known;
    LegTransition answer = legs.on(of.keyIndex(), of.leg(), event);
    if (event instanceof LegEvent.Heard(var message)) {
      Optional<String> objection = objection(step, node, of.leg(), answer.next());
      if (objection.isPresent()) {
        step.answer(node, new PeerMessage.OfLeg(message.refusal(objection.get())));
        return Optional.empty();
      }
    }
    if (makesRoom) {
      step.channels.remove(node);
    }
    Optional<String> refusal = apply(step, node, of, answer);
    makeRoom(step, node);
    return refusal;
  }

  /**
   * Whether a driver speaks of a channel that was forgotten, and not of its last, which is over.
   */
  private boolean takesUpAnother(PileStep step, PublicKey node, LegEvent event) {
    PeerChannel fresh = fresh(step, node);
    return event instanceof LegEvent.Heard(var message)
        && !message.opens()
        && fresh.leg().isHearsay()
        && legs.on(fresh.keyIndex(), fresh.leg(), event).next().id().isPresent();
  }

  /** Said of no channel, so that the driver closes none over it. */
  private static Optional<String> objection(
      PileStep step, PublicKey node, PaymentLeg before, PaymentLeg next) {
    boolean begins = before.isHearsay() && before.id().isEmpty();
    if (!begins || next.isClosed() || next.id().isEmpty()) {
      return Optional.empty();
    }
    if (isRecovering(next) && isFull(step, node)) {
      return Optional.of(
          "%d lost channels wait to be closed already: try again later".formatted(MOST_WAITING));
    }
    return others(step, node)
        .filter(other -> !other.leg().isClosed() && other.id().equals(next.id()))
        .findFirst()
        .map(_ -> "another node has a channel under this id");
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
      LegTransition on = legs.on(before.keyIndex(), before.leg(), new LegEvent.Restarted());
      var unused = apply(step, nobody, before, on);
      step.changed(nobody);
    } else {
      LegTransition gone = legs.on(keys, legs.givenUp("adopted"), new LegEvent.Restarted());
      var unused = carryOut(step, nobody, gone, false, true);
    }
    step.channels.put(node, channel);
    for (LegEvent each : List.of(new LegEvent.Restarted(), new LegEvent.Connected(), event)) {
      PeerChannel now = step.channels.getOrDefault(node, channel);
      var unused = apply(step, node, now, legs.on(now.keyIndex(), now.leg(), each));
    }
    return true;
  }

  /** Whether the store knew nothing of it, or too little. A penalty channel can't be made up. */
  private static boolean isRecovering(PaymentLeg leg) {
    return leg.title().equals("DataLost") && leg.penalty().isEmpty();
  }

  /** Those that the store knows, as after a restore, keep nobody out. */
  private static boolean isFull(PileStep step, PublicKey node) {
    return others(step, node)
            .map(PeerChannel::leg)
            .filter(leg -> leg.isHearsay() && isRecovering(leg))
            .count()
        >= MOST_WAITING;
  }

  private static Stream<PeerChannel> others(PileStep step, PublicKey node) {
    return step.channels.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(node))
        .map(Map.Entry::getValue);
  }

  /** Forgets who waits for the longest without a link; of links there are not many. */
  private void makeRoom(PileStep step, PublicKey node) {
    if (!step.leg(node).isUnopened()) {
      return;
    }
    List<PublicKey> waiting =
        step.channels.entrySet().stream()
            .filter(entry -> entry.getValue().leg().isUnopened())
            .map(Map.Entry::getKey)
            .toList();
    waiting.stream()
        .filter(other -> !step.connected.contains(other))
        .limit(Math.max(0, waiting.size() - MOST_WAITING))
        .forEach(other -> give(step, other, new LegEvent.Superseded()));
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
   * once the other is agreed to: what is refused changes nothing.
   */
  void open(PileStep step, PublicKey node, LegEvent.Heard opening) {
    PeerChannel known = step.channels.get(node);
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
        give(step, node, opening);
      } else {
        var unused = carryOut(step, node, answer, false, false);
      }
    }
  }

  private static Optional<String> apply(
      PileStep step, PublicKey node, PeerChannel known, LegTransition transition) {
    PaymentLeg next = transition.next();
    boolean wasHearsay = known.leg().isHearsay();
    boolean isNothing = next.life() == PaymentLeg.Life.ABSENT || (wasHearsay && next.isClosed());
    if (isNothing && wasHearsay) {
      step.channels.remove(node);
    } else if (!isNothing || step.channels.containsKey(node)) {
      step.channels.put(node, known.with(next));
      step.nextKeyIndex = Math.max(step.nextKeyIndex, known.keyIndex() + 1);
    }
    boolean kept = step.channels.containsKey(node);
    boolean binds = !wasHearsay || !(isNothing || next.isHearsay());
    return carryOut(step, node, transition, kept, binds);
  }

  /**
   * @param kept whether it is one of the pile's channels from now on
   * @param binds whether what is done with it must be stored before
   */
  private static Optional<String> carryOut(
      PileStep step, PublicKey node, LegTransition transition, boolean kept, boolean binds) {
    String refusal = null;
    for (LegAction action : transition.actions()) {
      switch (action) {
        case LegAction.Store(String name) -> {
          if (binds) {
            step.store(name);
            if (kept) {
              step.changed(node);
            }
          }
        }
        case LegAction.Send(var messages) -> {
          for (LegMessage message : messages) {
            if (binds) {
              step.say(node, new PeerMessage.OfLeg(message));
            } else {
              step.answer(node, new PeerMessage.OfLeg(message));
            }
          }
        }
        case LegAction.Remember remember -> step.remember(node, remember);
        case LegAction.Errand errand -> {
          if (binds) {
            step.errand(node, errand);
          } else {
            step.look(node, errand);
          }
        }
        case LegAction.Notify(LegNotice.Refused(String reason)) -> refusal = reason;
        case LegAction.Notify(var notice) -> step.notice(node, notice);
        case LegAction.Alert(String text) -> step.alert(text);
      }
    }
    return Optional.ofNullable(refusal);
  }
}
