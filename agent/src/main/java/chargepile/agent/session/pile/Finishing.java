package chargepile.agent.session.pile;

import chargepile.agent.session.Receipt;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The end of a session: contactor open, the meter's last pulses, the last claim, the summary, and
 * what becomes of the channel (P1-35).
 */
final class Finishing {
  /** After these the driver signs nothing more; the last signed state is the final one. */
  private static final Set<StopReason> NO_LAST_CLAIM =
      EnumSet.of(StopReason.UPDATE_REFUSED, StopReason.CHANNEL_CLOSING, StopReason.PEER_SILENT);

  private final PileChannels channels;
  private final MeterRecords records;

  Finishing(PileChannels channels, MeterRecords records) {
    this.channels = channels;
    this.records = records;
  }

  /** Begins to end the session; the first reason stays. */
  void stop(PileStep step, StopReason reason, String text) {
    PileSession session = step.session().orElse(null);
    if (session == null || session.phase() instanceof Phase.Stopped) {
      return;
    }
    step.openContactor();
    step.cancel(TimerId.Kind.BOUND);
    step.cancel(TimerId.Kind.RECLOSE);
    step.cancel(TimerId.Kind.PEER);
    step.say(session.peer(), new SessionStop(session.id(), reason, text));
    if (session.phase() instanceof Phase.Offered) {
      withdraw(step, session);
      return;
    }
    step.session(step.session().get().with(new Phase.Stopping(reason, text)));
    step.setTimer(TimerId.Kind.SETTLE, step.settings().switching().settle());
    step.store("session stopping: " + reason);
  }

  /** An offer that is not taken leaves nothing behind. */
  void withdraw(PileStep step, PileSession session) {
    step.cancel(TimerId.Kind.OFFER);
    step.declined.add(session.peer());
    step.forgetSession();
    step.store("offer withdrawn");
  }

  /** The last pulses have come: the energy is final. */
  void settled(PileStep step) {
    step.session()
        .filter(s -> s.phase() instanceof Phase.Stopping)
        .ifPresent(
            s -> {
              Phase.Stopping stopping = (Phase.Stopping) s.phase();
              step.session(
                  s.endedAt(step.meter.registers())
                      .with(new Phase.Settling(stopping.reason(), stopping.text())));
              step.store("session settling");
            });
  }

  /** Settles what is left, one claim at a time; may be called at any time. */
  void drive(PileStep step) {
    PileSession session = step.session().orElse(null);
    if (session == null || !(session.phase() instanceof Phase.Settling(var reason, _))) {
      return;
    }
    PaymentLeg leg = step.leg(session.peer());
    if (NO_LAST_CLAIM.contains(reason) || !leg.isOpen()) {
      finish(step, reason == StopReason.PEER_SILENT);
    } else if (!leg.isUsable() || leg.isPending()) {
      if (!step.isRunning(TimerId.Kind.PEER)) {
        step.setTimer(TimerId.Kind.PEER, step.settings().peerTimeout());
      }
    } else {
      claimLast(step, session, leg);
    }
  }

  /** The peer did not sign the last claim, or did not come back, in time. */
  void peerSilent(PileStep step) {
    if (step.session().filter(s -> s.phase() instanceof Phase.Settling).isPresent()) {
      finish(step, true);
    } else {
      stop(step, StopReason.PEER_SILENT, silence(step));
    }
  }

  private void claimLast(PileStep step, PileSession session, PaymentLeg leg) {
    for (Direction direction : Direction.values()) {
      if (!session.directions().contains(direction)) {
        continue;
      }
      Claims account = Claims.of(session, direction, step.meter.registers(), leg, step.nanos());
      MilliWattHours energy = account.payable(account.delivered());
      if (account.isWorthwhile(energy)) {
        Optional<String> refusal = records.claim(step, session, account, energy);
        if (refusal.isPresent()) {
          step.alert("the last claim of session %s: %s".formatted(session.id(), refusal.get()));
          finish(step, false);
        } else {
          step.cancel(TimerId.Kind.PEER);
          step.setTimer(TimerId.Kind.PEER, step.settings().peerTimeout());
        }
        return;
      }
    }
    finish(step, false);
  }

  private void finish(PileStep step, boolean silent) {
    PileSession session = step.session().orElseThrow();
    Phase.Stopped stopped = (Phase.Stopped) session.phase();
    step.cancel(TimerId.Kind.PEER);
    step.session(
        records
            .sealed(step, session, stopped.reason())
            .with(new Phase.Ended(stopped.reason(), stopped.text())));
    step.store("session ended: " + stopped.reason());
    summary(step)
        .ifPresent(
            summary -> {
              keepReceipt(step, summary);
              step.say(session.peer(), summary);
            });
    Promises.kept(step, session, stopped.reason());
    PaymentLeg leg = step.leg(session.peer());
    if (!leg.isClosable()) {
      return;
    }
    if (silent && step.settings().closeWhenSilent()) {
      channels.give(step, session.peer(), new LegEvent.CloseUnilaterally(silence(step)));
    } else if (leg.life() == PaymentLeg.Life.IN_USE
        && closesAfter(step, session.peer(), stopped.reason())) {
      channels.give(step, session.peer(), new LegEvent.CloseCooperatively());
    }
  }

  private static void keepReceipt(PileStep step, SessionSummary summary) {
    PileSession session = step.session().orElseThrow();
    PaymentLeg leg = step.leg(session.peer());
    Instant ended = step.now().wall();
    leg.signed()
        .ifPresent(
            last ->
                step.keep(
                    session.peer(),
                    Receipt.of(
                        session.offer(),
                        session.proof().begun().map(b -> b.at().toInstant()).orElse(ended),
                        ended,
                        summary.reason(),
                        leg.paid(session.id()),
                        Optional.of(summary),
                        last,
                        summary.receipt())));
  }

  /**
   * A driver that refuses to pay gets no second credit on the same channel. What is agreed to
   * beforehand needs the channel.
   */
  private static boolean closesAfter(PileStep step, PublicKey node, StopReason reason) {
    boolean goesOn = Promises.with(step, step.leg(node).peerAccount()).isPresent();
    return (step.settings().closeAfterSession() && !goesOn) || reason == StopReason.UPDATE_REFUSED;
  }

  /** The pile's account of a session that has ended. */
  static Optional<SessionSummary> summary(PileStep step) {
    return step.session()
        .filter(s -> s.phase() instanceof Phase.Ended)
        .map(
            s -> {
              var paid = step.leg(s.peer()).paid(s.id());
              return new SessionSummary(
                  s.id(),
                  ((Phase.Ended) s.phase()).reason(),
                  paid.imported(),
                  paid.exported(),
                  s.delivered(Direction.IMPORT, step.meter.registers()),
                  s.delivered(Direction.EXPORT, step.meter.registers()),
                  s.proof().receipt());
            });
  }

  private static String silence(PileStep step) {
    return "driver silent for %d s".formatted(step.settings().peerTimeout().toSeconds());
  }
}
