package chargepile.agent.session.pile;

import chargepile.agent.energy.EdgeReading;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.PileFault;
import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.Moment;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.leg.LegNotice;
import chargepile.agent.session.notary.NotaryEvent;
import chargepile.agent.session.wire.SessionAccept;
import chargepile.agent.session.wire.SessionMessage;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionPaid;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A pile's pure state machine: every event in every state has an answer. Stateless itself;
 * thread-safe.
 */
public final class PileMachine {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final PileSettings settings;
  private final PileChannels channels;
  private final AwaitedPayments awaited;
  private final Finishing finishing;
  private final Charging charging;
  private final Offering offering;
  private final Commands commands;
  private final Faulting faulting;
  private final Grace grace;
  private final Restarting restarting;
  private final ChannelRequests requests;
  private final Identities identities;

  public PileMachine(PileContext context) {
    this.settings = context.settings();
    this.awaited = context.awaited();
    this.channels = new PileChannels(context.legs());
    MeterRecords records = new MeterRecords(channels, context.meter());
    this.finishing = new Finishing(channels, records);
    this.charging = new Charging(records, finishing);
    this.faulting = new Faulting(finishing);
    this.identities = new Identities(context.notary());
    this.offering = new Offering(finishing, identities, records.key());
    this.commands = new Commands(channels, finishing, offering, faulting);
    this.grace = new Grace(settings.grace());
    this.restarting = new Restarting(channels);
    this.requests = new ChannelRequests(channels, identities);
  }

  /** The answer to an event at a moment. */
  public PileTransition on(Pile pile, PileEvent event, Moment now) {
    PileStep step = new PileStep(settings, pile, now);
    handle(step, event);
    drive(step);
    return step.done();
  }

  private void handle(PileStep step, PileEvent event) {
    switch (event) {
      case PileEvent.Restarted() -> {
        restarting.restart(step);
        identities.give(step, new NotaryEvent.Restarted());
      }
      case PileEvent.PlugChanged(boolean plugged) -> plug(step, plugged);
      case PileEvent.EdgeSeen(EdgeReading edge) -> edge(step, edge);
      case PileEvent.HeatChanged(boolean tooHot) -> faulting.heat(step, tooHot);
      case PileEvent.HardwareFailed(String text) ->
          faulting.raise(step, PileFault.HARDWARE_FAILED, text);
      case PileEvent.ContactorRead(boolean conducts) -> look(step, conducts);
      case PileEvent.FoundClosed() -> faulting.foundClosed(step);
      case PileEvent.PeerConnected(PublicKey node) -> connected(step, node);
      case PileEvent.PeerDisconnected(PublicKey node) -> disconnected(step, node);
      case PileEvent.PeerSaid(PublicKey node, var messages) -> heard(step, node, messages);
      case PileEvent.Reported(PublicKey node, var report) ->
          give(step, node, new LegEvent.Reported(report));
      case PileEvent.ChainStanding(var trouble) -> grace.told(step, trouble);
      case PileEvent.TransactionRefused(String what, String reason) ->
          step.alert("the network refuses %s: %s".formatted(what, reason));
      case PileEvent.Agreed(var agreements) -> offering.agreed(step, agreements);
      case PileEvent.Notarised(var answer) -> {
        identities.give(step, new NotaryEvent.Done(answer));
        requests.decide(step);
      }
      case PileEvent.TimerFired(TimerId timer) -> {
        if (step.fired(timer)) {
          timer(step, timer);
        }
      }
      case PileEvent.Commanded(long id, var command) -> commands.carryOut(step, id, command);
    }
  }

  /** Lets what happened take effect on session and contactor until nothing more follows. */
  private void drive(PileStep step) {
    grace.drive(step);
    do {
      for (var said = step.nextNotice(); said.isPresent(); said = step.nextNotice()) {
        noticed(step, said.get().node(), said.get().notice());
      }
      charging.drive(step);
      finishing.drive(step);
      identities.drive(step); // before the next offer: what ended is drawn up and told first
      offering.drive(step);
    } while (step.hasNotices());
  }

  private void plug(PileStep step, boolean plugged) {
    boolean changed = step.plugged != plugged;
    step.plugged = plugged;
    if (plugged) {
      step.setTimer(TimerId.Kind.TICK, TICK);
      if (changed && step.session().filter(s -> s.phase() instanceof Phase.Ended).isPresent()) {
        offering.forget(step);
      }
    } else {
      faulting.unplugged(step);
    }
    if (changed) {
      step.declined.clear();
      step.store(plugged ? "car plugged in" : "car unplugged");
    }
  }

  private void edge(PileStep step, EdgeReading edge) {
    Meter.Metered metered = step.meter.on(edge);
    step.meter = metered.next();
    if (metered.lost() > 0) {
      step.alert(
          "%d edges of the meter's %s line were lost, and maybe pulses with them: this machine was too busy"
              .formatted(
                  metered.lost(), edge.direction() == Direction.IMPORT ? "import" : "export"));
    }
    if (metered.pulses() > 0) {
      step.unmetered.clear();
      Direction flow = edge.direction();
      step.session()
          .filter(s -> !(s.phase() instanceof Phase.Ended) && s.directions().contains(flow))
          .ifPresent(s -> step.session(s.with(s.clock().flowed(flow, step.nanos()))));
      charging.noteUnpaid(step);
      storeIfMuch(step);
    }
    metered.findings().forEach(found -> faulting.raise(step, found.fault(), found.detail()));
  }

  private static void storeIfMuch(PileStep step) {
    for (Direction direction : Direction.values()) {
      MilliWattHours unstored = step.meter.registers().since(step.storedRegisters(), direction);
      if (unstored.compareTo(step.settings().storeEveryEnergy()) >= 0) {
        step.store("registers");
      }
    }
  }

  private void look(PileStep step, boolean conducts) {
    step.readBack(conducts);
    var checked = step.meter.plausibility().at(step.nanos(), conducts);
    step.meter = step.meter.with(checked.next());
    checked.findings().forEach(found -> faulting.raise(step, found.fault(), found.detail()));
  }

  private void connected(PileStep step, PublicKey node) {
    if (step.connected.contains(node)) {
      disconnected(step, node); // a new link replaces the old one
    }
    step.connected.add(node);
    step.declined.remove(node); // who comes again may have thought better of it
    identities.give(step, new NotaryEvent.Connected(node)); // before all else that is said
    if (step.channels.containsKey(node)) {
      give(step, node, new LegEvent.Connected());
    }
  }

  private void disconnected(PileStep step, PublicKey node) {
    if (step.connected.remove(node)) {
      step.declined.remove(node);
      step.asking.remove(node);
      identities.give(step, new NotaryEvent.Disconnected(node));
      if (step.channels.containsKey(node)) {
        give(step, node, new LegEvent.Disconnected());
      }
    }
  }

  private void heard(PileStep step, PublicKey node, List<PeerMessage> messages) {
    if (!step.connected.contains(node)) {
      return; // of a link that is gone already
    }
    for (PeerMessage message : messages) {
      if (!(message instanceof PeerMessage.OfIdentity)) {
        identities.give(step, new NotaryEvent.HeardOther(node));
      }
      switch (message) {
        case PeerMessage.OfLeg(LegMessage said) -> {
          if (said.opens()) {
            requests.heard(step, node, said);
          } else {
            give(step, node, new LegEvent.Heard(said));
          }
        }
        case PeerMessage.OfSession(SessionMessage said) -> heard(step, node, said);
        case PeerMessage.OfIdentity(var said) ->
            identities.give(step, new NotaryEvent.Heard(node, said));
      }
    }
  }

  private void heard(PileStep step, PublicKey node, SessionMessage message) {
    switch (message) {
      case SessionAccept accept -> offering.accepted(step, node, accept);
      case SessionStop stop -> stopped(step, node, stop);
      case SessionOffer _, SessionSummary _, SessionPaid _ ->
          step.alert(
              "driver %s said %s, which only a pile says: ignored"
                  .formatted(node, message.getClass().getSimpleName()));
    }
  }

  private void stopped(PileStep step, PublicKey node, SessionStop stop) {
    PileSession session =
        step.session()
            .filter(s -> s.peer().equals(node) && s.id().equals(stop.sessionId()))
            .orElse(null);
    if (session == null) {
      return;
    }
    if (session.phase() instanceof Phase.Offered) {
      step.alert("driver %s does not take the offer: %s".formatted(node, stop.text()));
      finishing.withdraw(step, session);
    } else {
      finishing.stop(step, asHeard(stop.reason()), stop.text());
    }
  }

  /** A driver's word is no proof of what the pile sees: plug, meter, silence, channel, operator. */
  private static StopReason asHeard(StopReason said) {
    return switch (said) {
      case UNPLUGGED,
          PEER_SILENT,
          CHANNEL_CLOSING,
          NOTHING_METERED,
          FAULT,
          AGREEMENT_OVER,
          OPERATOR_STOPPED ->
          StopReason.DRIVER_STOPPED;
      default -> said;
    };
  }

  private void give(PileStep step, PublicKey node, LegEvent event) {
    boolean usable = step.leg(node).isUsable();
    channels.give(step, node, event);
    if (!usable && step.leg(node).isUsable()) {
      if (step.session().filter(s -> s.peer().equals(node)).isPresent()) {
        step.cancel(TimerId.Kind.PEER); // it is not silent; its time begins anew
      }
      offering.repeat(step, node);
    }
  }

  private void noticed(PileStep step, PublicKey node, LegNotice notice) {
    Optional<PileSession> session = step.session().filter(s -> s.peer().equals(node));
    switch (notice) {
      case LegNotice.EnergySettled(EnergyClaim claim) ->
          session
              .filter(s -> s.id().equals(claim.session()))
              .ifPresent(
                  s -> {
                    step.session(s.settledOnce());
                    step.cancel(TimerId.Kind.PEER); // it answered; the next claim's time is its own
                  });
      case LegNotice.PeerObjected(String text) -> {
        step.alert("driver %s objected: %s".formatted(node, text));
        if (session.isPresent()) {
          finishing.stop(step, StopReason.UPDATE_REFUSED, text);
        }
      }
      case LegNotice.Ending(String reason) -> {
        if (session.isPresent()) {
          finishing.stop(step, StopReason.CHANNEL_CLOSING, reason);
        }
        if (step.leg(node).isClosable()) {
          step.setTimer(TimerId.of(TimerId.Kind.CLOSE, node), settings.closeTimeout());
        }
      }
      case LegNotice.Suspended(String reason) -> {
        if (session.isPresent()) {
          finishing.stop(step, StopReason.CHANNEL_CLOSING, reason);
        }
      }
      case LegNotice.Closed(_, var last) -> {
        step.cancel(TimerId.of(TimerId.Kind.CLOSE, node));
        last.ifPresent(paid -> identities.closed(step, paid));
      }
      case LegNotice.Funded _ -> {}
      case LegNotice.Usable() -> {}
      case LegNotice.PaymentOffered(var payment) -> {
        if (!awaited.contain(payment)) {
          channels.give(step, node, new LegEvent.GiveBack(payment.id())).ifPresent(step::alert);
        }
      }
      case LegNotice.Refused(String reason) -> step.alert(reason);
    }
  }

  private void timer(PileStep step, TimerId timer) {
    switch (timer.kind()) {
      case OFFER -> finishing.stop(step, StopReason.OFFER_EXPIRED, "the offer was not answered");
      case BOUND -> charging.boundTimeUp(step);
      case RECLOSE, GRACE, INTRODUCTION -> {} // driving the session is all there is to do
      case SETTLE -> finishing.settled(step);
      case PEER -> finishing.peerSilent(step);
      case TICK -> tick(step);
      case CLOSE -> timer.peer().ifPresent(node -> closeTimeUp(step, node));
    }
  }

  private void tick(PileStep step) {
    if (step.meter.plausibility().isSilent(step.nanos())) {
      faulting.silent(step);
    }
    faulting.clearThemselves(step);
    Duration unstored = Duration.ofNanos(step.nanos() - step.storedAtNanos());
    if (step.hasUnstoredEnergy() && unstored.compareTo(settings.storeEvery()) >= 0) {
      step.store("registers");
    }
    step.publishMeter();
    if (step.plugged || step.contactor().closed() || Faulting.areWatched(step)) {
      step.setTimer(TimerId.Kind.TICK, TICK);
    }
  }

  private void closeTimeUp(PileStep step, PublicKey node) {
    if (step.leg(node).isClosable()) {
      give(
          step,
          node,
          new LegEvent.CloseUnilaterally(
              "the cooperative close did not finish in %d s"
                  .formatted(settings.closeTimeout().toSeconds())));
    }
  }
}
