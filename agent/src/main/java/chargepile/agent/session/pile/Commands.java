package chargepile.agent.session.pile;

import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;

/** The operator's commands; each is answered with done, or why not. */
final class Commands {
  private final PileChannels channels;
  private final Finishing finishing;
  private final Offering offering;
  private final Faulting faulting;

  Commands(PileChannels channels, Finishing finishing, Offering offering, Faulting faulting) {
    this.channels = channels;
    this.finishing = finishing;
    this.offering = offering;
    this.faulting = faulting;
  }

  void carryOut(PileStep step, long id, OperatorCommand command) {
    Optional<String> refusal =
        switch (command) {
          case OperatorCommand.Start() -> start(step);
          case OperatorCommand.Stop(String text) -> stop(step, text);
          case OperatorCommand.Pause() -> pause(step);
          case OperatorCommand.Resume() -> resume(step);
          case OperatorCommand.Limit limit -> limit(step, limit);
          case OperatorCommand.ClearFaults() -> faulting.clear(step);
          case OperatorCommand.OpenChannel open -> open(step, open);
          case OperatorCommand.CloseChannel(PublicKey node) ->
              give(step, node, new LegEvent.CloseCooperatively());
          case OperatorCommand.ForceCloseChannel(PublicKey node, String reason) ->
              give(step, node, new LegEvent.CloseUnilaterally(reason));
          case OperatorCommand.Deposit(PublicKey node, Amount total) ->
              give(step, node, LegEvent.deposit(total));
          case OperatorCommand.Htlc(PublicKey node, var htlc) ->
              give(step, node, new LegEvent.OnBitcoin(htlc));
          case OperatorCommand.SetFeerate(PublicKey node, var feerate) ->
              give(step, node, LegEvent.feerate(feerate));
        };
    step.tell(new PileAction.Answer(id, refusal.isEmpty(), refusal.orElse("done")));
  }

  private Optional<String> start(PileStep step) {
    if (!step.plugged) {
      return Optional.of("no car is plugged in");
    }
    if (!step.faults.isEmpty()) {
      return Optional.of("the pile has a fault: " + step.faults.keySet());
    }
    if (step.chain.blind()) {
      return step.chain.objection();
    }
    if (step.session().filter(s -> !(s.phase() instanceof Phase.Ended)).isPresent()) {
      return Optional.of("a session is under way");
    }
    offering.forget(step);
    step.declined.clear();
    offering.drive(step);
    step.store("start commanded");
    return step.session().isPresent()
        ? Optional.empty()
        : Optional.of("no driver with a usable channel is connected; one that comes gets an offer");
  }

  private Optional<String> stop(PileStep step, String text) {
    if (step.session().filter(s -> !(s.phase() instanceof Phase.Stopped)).isEmpty()) {
      return Optional.of("no session is under way");
    }
    finishing.stop(step, StopReason.OPERATOR_STOPPED, text);
    return Optional.empty();
  }

  private static Optional<String> pause(PileStep step) {
    PileSession session = step.session().filter(PileSession::isRunning).orElse(null);
    if (session == null) {
      return Optional.of("no session is running");
    }
    step.openContactor();
    step.cancel(TimerId.Kind.BOUND);
    step.cancel(TimerId.Kind.RECLOSE);
    step.session().ifPresent(s -> step.session(s.with(new Phase.Paused(Phase.Cause.OPERATOR))));
    step.store("paused by the operator");
    return Optional.empty();
  }

  private static Optional<String> resume(PileStep step) {
    PileSession session = step.session().orElse(null);
    if (session == null
        || !(session.phase() instanceof Phase.Paused(var cause))
        || cause != Phase.Cause.OPERATOR) {
      return Optional.of("no session is paused by the operator");
    }
    step.session(session.with(new Phase.Paused(Phase.Cause.PAYMENT)));
    step.store("resumed by the operator");
    return Optional.empty();
  }

  private static Optional<String> limit(PileStep step, OperatorCommand.Limit limit) {
    PileSession session = step.session().filter(PileSession::isRunning).orElse(null);
    if (session == null) {
      return Optional.of("no session is running");
    }
    step.session(session.with(Offering.tightened(session.limits(), limit.energy())));
    step.store("energy limited by the operator");
    return Optional.empty();
  }

  private Optional<String> open(PileStep step, OperatorCommand.OpenChannel open) {
    if (!step.connected.contains(open.node())) {
      return Optional.of("the driver is not connected");
    }
    channels.forgetClosed(step, open.node());
    return channels.give(
        step,
        open.node(),
        LegEvent.open(open.temporaryId(), open.capacity(), open.push(), open.feerate()));
  }

  private Optional<String> give(PileStep step, PublicKey node, LegEvent event) {
    if (!step.channels.containsKey(node)) {
      return Optional.of("there is no channel with " + node);
    }
    return step.leg(node).isClosed()
        ? Optional.of("the channel is closed")
        : channels.give(step, node, event);
  }
}
