package chargepile.agent.session.pile;

import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.leg.PaymentLeg;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;

/**
 * A start from the store: contactor open, no link, no timer. Energy is counted on from the stored
 * registers; a running session waits for its driver, and an ended one for nothing.
 */
final class Restarting {
  private final PileChannels channels;

  Restarting(PileChannels channels) {
    this.channels = channels;
  }

  void restart(PileStep step) {
    boolean wasInUse = step.session().filter(PileSession::isRunning).isPresent();
    step.connected.clear();
    step.forgetTimers();
    step.meter = Meter.start(step.settings(), step.meter.registers(), step.nanos());
    step.heat = new Heat(false, step.nanos());
    step.openAfterStart(wasInUse);
    step.session().ifPresent(session -> resume(step, session));
    for (PublicKey node : List.copyOf(step.channels.keySet())) {
      channels.give(step, node, new LegEvent.Restarted());
      if (step.leg(node).life() == PaymentLeg.Life.CLOSING_TOGETHER) {
        step.setTimer(TimerId.of(TimerId.Kind.CLOSE, node), step.settings().closeTimeout());
      }
    }
    if (step.plugged || Faulting.areWatched(step)) {
      step.setTimer(TimerId.Kind.TICK, step.settings().switching().settle());
    }
    step.store("started");
    step.publishAll();
  }

  private static void resume(PileStep step, PileSession session) {
    PileSettings settings = step.settings();
    PileSession stopped = session.with(session.clock().restarted());
    switch (session.phase()) {
      case Phase.Offered() -> step.setTimer(TimerId.Kind.OFFER, settings.offerTimeout());
      case Phase.Charging() -> stopped = stopped.with(new Phase.Paused(Phase.Cause.RESTART));
      case Phase.Paused(var cause) -> {
        if (cause != Phase.Cause.OPERATOR) {
          stopped = stopped.with(new Phase.Paused(Phase.Cause.RESTART));
        }
      }
      case Phase.Stopping _ -> step.setTimer(TimerId.Kind.SETTLE, settings.switching().settle());
      case Phase.Settling _ -> {} // waits for the driver, with a timer set on the way
      case Phase.Ended _ -> {}
    }
    step.session(stopped);
  }
}
