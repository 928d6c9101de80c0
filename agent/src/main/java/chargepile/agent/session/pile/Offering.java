package chargepile.agent.session.pile;

import chargepile.agent.energy.Tariff;
import chargepile.agent.ocmf.ReadingTime;
import chargepile.agent.session.Agreement;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.notary.Admission;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.SessionAccept;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The beginning of a session: terms offered to a driver with a channel, and agreed to. */
final class Offering {
  private final Finishing finishing;
  private final Identities identities;
  private final Optional<PublicKey> meterKey;

  /**
   * @param meterKey what the meter's records are signed with; empty when there are none
   */
  Offering(Finishing finishing, Identities identities, Optional<PublicKey> meterKey) {
    this.finishing = finishing;
    this.identities = identities;
    this.meterKey = meterKey;
  }

  /** Offers a session if there is a car, a driver who can pay, and no session. */
  void drive(PileStep step) {
    if (!step.plugged || !step.faults.isEmpty() || step.chain.blind()) {
      return;
    }
    PileSession ended = isFree(step) ? null : step.session().orElseThrow();
    Optional<Agreement> next = Optional.ofNullable(ended).flatMap(e -> Promises.next(step, e));
    if (ended != null && next.isEmpty()) {
      return;
    }
    for (PublicKey node : step.connected.reversed()) {
      if (ended != null && !ended.peer().equals(node)) {
        continue; // it is not known to be its car
      }
      PaymentLeg leg = step.leg(node);
      Optional<Agreement> agreement = next.or(() -> Promises.with(step, leg.peerAccount()));
      if (agreement.map(agreed -> !agreed.inForce()).orElse(Promises.isPromised(step))) {
        continue; // its time comes, or it is another's
      }
      boolean declined = step.declined.contains(node) && !identities.isDenied(step, node);
      if (leg.isUsable() && !declined && isAdmitted(step, node)) {
        Tariff tariff = agreement.map(Agreement::tariff).orElse(step.settings().tariff());
        Set<Direction> directions = payable(step, leg, tariff);
        if (agreement.isPresent()) {
          directions.retainAll(Set.of(Direction.IMPORT));
        }
        if (!directions.isEmpty()) {
          offer(step, node, tariff, directions, agreement.isPresent());
          return;
        }
        step.declined.add(node);
        step.alert(
            "no offer to driver %s: no balance in the channel to pay with; open a larger one"
                .formatted(node));
      }
    }
  }

  private boolean isAdmitted(PileStep step, PublicKey node) {
    return switch (identities.admission(step, node)) {
      case Admission.Granted() -> true;
      case Admission.Awaited() -> false;
      case Admission.Denied(String reason) -> {
        if (step.declined.add(node)) {
          step.alert("no offer to driver %s: %s".formatted(node, reason));
        }
        yield false;
      }
    };
  }

  /** Forgets a session that has ended, so that there may be another. */
  void forget(PileStep step) {
    identities.leave(step);
    step.forgetSession();
  }

  /** A driver is back: terms are said again, so that both know what they are in. */
  void repeat(PileStep step, PublicKey node) {
    PileSession session = step.session().filter(s -> s.peer().equals(node)).orElse(null);
    if (session == null) {
      return;
    }
    if (session.phase() instanceof Phase.Offered || session.isRunning()) {
      step.say(node, session.offer());
    } else {
      Finishing.summary(step).ifPresent(summary -> step.say(node, summary));
    }
  }

  void accepted(PileStep step, PublicKey node, SessionAccept accept) {
    PileSession session =
        step.session()
            .filter(s -> s.peer().equals(node) && s.id().equals(accept.sessionId()))
            .orElse(null);
    if (session == null) {
      step.say(
          node,
          new SessionStop(
              accept.sessionId(), StopReason.UNKNOWN_SESSION, "no such session at this pile"));
      return;
    }
    switch (session.phase()) {
      case Phase.Offered() -> agree(step, session, accept);
      case Phase.Paused(var cause) when cause == Phase.Cause.RESTART -> {
        step.session(session.with(new Phase.Paused(Phase.Cause.PAYMENT)));
        step.store("session resumed");
      }
      case Phase.Paused _ -> {}
      case Phase.Charging _ -> {}
      case Phase.Stopped stopped ->
          step.say(node, new SessionStop(session.id(), stopped.reason(), stopped.text()));
    }
  }

  private void agree(PileStep step, PileSession session, SessionAccept accept) {
    Set<Direction> agreed = EnumSet.noneOf(Direction.class);
    agreed.addAll(session.offer().directions());
    agreed.retainAll(accept.directions());
    if (!Promises.mayBegin(step, session.offer())) {
      finishing.stop(step, StopReason.TERMS_REFUSED, "these terms hold no more");
    } else if (agreed.isEmpty()) {
      finishing.stop(step, StopReason.TERMS_REFUSED, "no direction is wanted by both");
    } else if (accept.limits().powerWatts() < session.offer().ratedPowerWatts()) {
      finishing.stop(
          step,
          StopReason.TERMS_REFUSED,
          "the pile can't keep within %d W".formatted(accept.limits().powerWatts()));
    } else {
      step.cancel(TimerId.Kind.OFFER);
      ReadingTime now = ReadingTime.of(step.now().wall(), step.now().clock());
      step.session(
          session
              .accepted(
                  agreed,
                  Agreement.of(step.agreements, session.offer().tariff())
                      .map(agreement -> agreement.within(accept.limits()))
                      .orElse(accept.limits()))
              .with(new Phase.Paused(Phase.Cause.PAYMENT))
              .with(new Proof(Optional.of(now), ByteVector.empty)));
      step.store("session accepted");
    }
  }

  /**
   * What drivers have agreed to beforehand is another. A session under terms that hold no more
   * ends, an offer of such is withdrawn, and who declined other terms is asked again.
   */
  void agreed(PileStep step, List<Agreement> agreements) {
    List<Agreement> earlier = step.agreements;
    step.agreements = List.copyOf(agreements);
    step.session().ifPresent(session -> endWhatHoldsNoMore(step, session));
    for (PublicKey node : step.channels.keySet()) {
      Optional<EvmAddress> account = step.leg(node).peerAccount();
      Optional<Agreement> next = Agreement.with(agreements, account);
      Optional<Agreement> before = Agreement.with(earlier, account);
      if (isInForce(next) && !(isInForce(before) && isSame(next, before))) {
        step.declined.remove(node);
      }
    }
  }

  private void endWhatHoldsNoMore(PileStep step, PileSession session) {
    if (session.phase() instanceof Phase.Offered) {
      if (!Promises.mayBegin(step, session.offer())) {
        finishing.stop(step, StopReason.OFFER_EXPIRED, "these terms hold no more");
        step.declined.remove(session.peer()); // it did not decline
      }
    } else if (session.isRunning() && !Promises.mayGoOn(step, session)) {
      finishing.stop(
          step,
          StopReason.AGREEMENT_OVER,
          Promises.isPromised(step)
              ? "the time of an order has come, which the pile is promised to"
              : "what was agreed to for this session holds no more");
    }
  }

  private static boolean isInForce(Optional<Agreement> agreement) {
    return agreement.filter(Agreement::inForce).isPresent();
  }

  private static boolean isSame(Optional<Agreement> one, Optional<Agreement> other) {
    return one.map(Agreement::tariff).equals(other.map(Agreement::tariff));
  }

  private void offer(
      PileStep step, PublicKey node, Tariff tariff, Set<Direction> directions, boolean beforehand) {
    identities.leave(step);
    PileSettings settings = step.settings();
    SessionOffer offer =
        new SessionOffer(
            new SessionId(step.now().entropy().take(16)),
            tariff,
            settings.exposure().increment(),
            settings.exposure().credit(),
            directions,
            step.meter.registers().importEnergy(),
            step.meter.registers().exportEnergy(),
            settings.meter().ratedPowerWatts(),
            meterKey);
    PileSession offered = PileSession.offered(offer, node);
    step.session(beforehand ? offered.underAgreement() : offered);
    step.setTimer(TimerId.Kind.OFFER, settings.offerTimeout());
    identities.offered(step, node, offer);
    step.store("session offered");
    step.say(node, offer);
  }

  /** Free for an offer: no session, or one that ended with the car unplugged. */
  private static boolean isFree(PileStep step) {
    Optional<PileSession> session = step.session();
    return session.isEmpty()
        || (session.get().phase() instanceof Phase.Ended(var reason, _)
            && reason == StopReason.UNPLUGGED);
  }

  private static Set<Direction> payable(PileStep step, PaymentLeg leg, Tariff tariff) {
    Set<Direction> payable = EnumSet.noneOf(Direction.class);
    MilliWattHours pulse = Charging.pulse(step);
    for (Direction direction : step.settings().directions()) {
      if (tariff.due(direction, pulse, Duration.ZERO).compareTo(leg.spendable(direction)) <= 0) {
        payable.add(direction);
      }
    }
    return payable;
  }

  /** The driver's limits with the operator's added. */
  static Limits tightened(Limits limits, MilliWattHours energy) {
    return limits.energy().compareTo(energy) <= 0
        ? limits
        : new Limits(energy, limits.money(), limits.powerWatts(), limits.duration());
  }
}
