package chargepile.agent.session.pile;

import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.leg.SignedState;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import fr.acinq.bitcoin.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is to be published: all of a pile, or what a transition changed of it. */
final class Documents {
  private Documents() {}

  /** Everything, after a start. */
  static List<PileAction> all(PileSettings settings, Pile pile, long nowNanos) {
    List<PileAction> actions = new ArrayList<>();
    actions.add(new PileAction.ShowLight(light(pile)));
    actions.add(new PileAction.Publish(new PileDocument.Price(settings.tariff())));
    actions.add(new PileAction.Publish(new PileDocument.Contactor(pile.contactor().closed())));
    actions.add(new PileAction.Publish(faults(pile)));
    actions.add(new PileAction.Publish(chain(pile)));
    actions.add(new PileAction.Publish(session(pile)));
    actions.add(new PileAction.Publish(meter(pile, nowNanos)));
    pile.channels().forEach((node, channel) -> publish(node, channel).ifPresent(actions::add));
    return actions;
  }

  static List<PileAction> changes(Pile before, Pile after, boolean metered, long nowNanos) {
    List<PileAction> actions = new ArrayList<>();
    if (light(before) != light(after)) {
      actions.add(new PileAction.ShowLight(light(after)));
    }
    if (before.contactor().closed() != after.contactor().closed()) {
      actions.add(new PileAction.Publish(new PileDocument.Contactor(after.contactor().closed())));
    }
    if (!before.standing().equals(after.standing())) {
      actions.add(new PileAction.Publish(faults(after)));
    }
    if (!before.chain().equals(after.chain())) {
      actions.add(new PileAction.Publish(chain(after)));
    }
    boolean running = after.session().filter(PileSession::isRunning).isPresent();
    if (!headline(before).equals(headline(after)) || (metered && running)) {
      actions.add(new PileAction.Publish(session(after)));
    }
    if (metered) {
      actions.add(new PileAction.Publish(meter(after, nowNanos)));
    }
    for (Map.Entry<PublicKey, PeerChannel> entry : after.channels().entrySet()) {
      PeerChannel known = before.channels().get(entry.getKey());
      Optional<PileAction> now = publish(entry.getKey(), entry.getValue());
      if (known == null || !publish(entry.getKey(), known).equals(now)) {
        now.ifPresent(actions::add);
      }
    }
    return actions;
  }

  private static PileDocument session(Pile pile) {
    return pile.session()
        .map(session -> session(pile, session))
        .orElseGet(() -> new PileDocument.NoSession(pile.plugged()));
  }

  private static PileDocument.Meter meter(Pile pile, long nowNanos) {
    return new PileDocument.Meter(
        pile.meter().registers().importEnergy(),
        pile.meter().registers().exportEnergy(),
        pile.meter().watts(nowNanos));
  }

  private static PileDocument session(Pile pile, PileSession session) {
    Optional<Phase.Stopped> stopped =
        session.phase() instanceof Phase.Stopped phase ? Optional.of(phase) : Optional.empty();
    String text =
        session.phase() instanceof Phase.Paused(var cause)
            ? cause.text()
            : stopped.map(Phase.Stopped::text).orElse("");
    return new PileDocument.Session(
        pile.plugged(),
        session.id(),
        session.peer(),
        session.phase().title(),
        stopped.map(Phase.Stopped::reason),
        text,
        session.delivered(Direction.IMPORT, pile.meter().registers()),
        session.delivered(Direction.EXPORT, pile.meter().registers()),
        pile.leg(session.peer()).paid(session.id()),
        session.maxUnpaid());
  }

  private static PileDocument.Faults faults(Pile pile) {
    return new PileDocument.Faults(pile.standing());
  }

  private static PileDocument.Chain chain(Pile pile) {
    return new PileDocument.Chain(pile.chain().trouble(), !pile.chain().blind());
  }

  /** Nothing of what is a driver's word alone. */
  private static Optional<PileAction> publish(PublicKey node, PeerChannel known) {
    if (known.leg().isHearsay()) {
      return Optional.empty();
    }
    Optional<SignedState> signed = known.leg().signed();
    return Optional.of(
        new PileAction.Publish(
            new PileDocument.ChannelStatus(
                node,
                known.id().map(ChannelId::toString).orElse(""),
                known.leg().title(),
                signed.map(SignedState::number).orElse(0L),
                signed.map(SignedState::local).orElse(Amount.ZERO),
                signed.map(SignedState::remote).orElse(Amount.ZERO))));
  }

  /** What makes a session's document worth publishing anew; the rest follows with the meter. */
  private static List<Object> headline(Pile pile) {
    return pile.session()
        .<List<Object>>map(s -> List.of(pile.plugged(), s.id(), s.phase(), s.updates()))
        .orElseGet(() -> List.of(pile.plugged()));
  }

  private static PileLight light(Pile pile) {
    if (!pile.standing().isEmpty()) {
      return PileLight.FAULT;
    }
    if (pile.contactor().closed()) {
      return PileLight.CHARGING;
    }
    return pile.plugged() ? PileLight.WAITING : PileLight.READY;
  }
}
