package chargepile.agent.session.pile;

import chargepile.agent.ocmf.ReadingTime;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.notary.Admission;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.SessionAccept;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.EnumSet;
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
    if (!step.plugged || !step.faults.isEmpty() || step.chain.blind() || !isFree(step)) {
      return;
    }
    for (PublicKey node : step.connected.reversed()) {
      PaymentLeg leg = step.leg(node);
      boolean declined = step.declined.contains(node) && !identities.isDenied(step, node);
      if (leg.isUsable() && !declined && isAdmitted(step, node)) {
        Set<Direction> directions = payable(step, leg);
        if (!directions.isEmpty()) {
          offer(step, node, directions);
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
    if (agreed.isEmpty()) {
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
              .accepted(agreed, accept.limits())
              .with(new Phase.Paused(Phase.Cause.PAYMENT))
              .with(new Proof(Optional.of(now), ByteVector.empty)));
      step.store("session accepted");
    }
  }

  private void offer(PileStep step, PublicKey node, Set<Direction> directions) {
    identities.leave(step);
    PileSettings settings = step.settings();
    SessionOffer offer =
        new SessionOffer(
            new SessionId(step.now().entropy().take(16)),
            settings.tariff(),
            settings.exposure().increment(),
            settings.exposure().credit(),
            directions,
            step.meter.registers().importEnergy(),
            step.meter.registers().exportEnergy(),
            settings.meter().ratedPowerWatts(),
            meterKey);
    step.session(PileSession.offered(offer, node));
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

  private static Set<Direction> payable(PileStep step, PaymentLeg leg) {
    Set<Direction> payable = EnumSet.noneOf(Direction.class);
    long impulses = step.settings().meter().impulsesPerKwh();
    MilliWattHours pulse = new MilliWattHours((MilliWattHours.PER_KWH + impulses - 1) / impulses);
    for (Direction direction : step.settings().directions()) {
      if (step.settings()
              .tariff()
              .due(direction, pulse, Duration.ZERO)
              .compareTo(leg.spendable(direction))
          <= 0) {
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
