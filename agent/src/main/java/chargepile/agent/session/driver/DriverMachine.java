package chargepile.agent.session.driver;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.session.ChainSight;
import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.Moment;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.leg.LegNotice;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.notary.Admission;
import chargepile.agent.session.notary.NotaryAnswer;
import chargepile.agent.session.notary.NotaryEvent;
import chargepile.agent.session.wire.SessionMessage;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A driver's pure state machine: every event in every state has an answer. Stateless itself;
 * thread-safe.
 */
public final class DriverMachine {
  /** How long a pile may take to say who it is; one that never says it has no certificate. */
  private static final Duration INTRODUCTION = Duration.ofSeconds(10);

  /** How long a pile that is refused waits to be judged again: the clock may be set by then. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final DriverContext context;
  private final DriverPolicy policy;
  private final DriverTalk talk;
  private final Identities identities;

  public DriverMachine(DriverContext context) {
    this.context = context;
    this.policy = context.policy();
    this.identities = new Identities(context.notary());
    this.talk = new DriverTalk(policy, context.legs().unit(), context.verifier(), identities);
  }

  /** The answer to an event at a moment. */
  public DriverTransition on(Driver driver, DriverEvent event, Moment now) {
    DriverStep step = new DriverStep(context.legs(), driver, now);
    handle(step, event);
    for (var notice = step.nextNotice(); notice.isPresent(); notice = step.nextNotice()) {
      noticed(step, notice.get());
    }
    watchChain(step);
    awaitPile(step);
    return step.done();
  }

  private void handle(DriverStep step, DriverEvent event) {
    switch (event) {
      case DriverEvent.Restarted() -> restart(step);
      case DriverEvent.PileConnected() -> connected(step);
      case DriverEvent.PileDisconnected() -> {
        step.connected = false;
        step.held = Optional.empty();
        identities.give(step, NotaryEvent.Disconnected::new);
        step.give(new LegEvent.Disconnected());
      }
      case DriverEvent.PileSaid(var messages) -> {
        if (step.connected) {
          heard(step, messages);
        }
      }
      case DriverEvent.Reported(var report) -> step.give(new LegEvent.Reported(report));
      case DriverEvent.ChainStanding(var trouble) -> chainStands(step, trouble);
      case DriverEvent.TransactionRefused(String what, String reason) ->
          step.alert("the network refuses %s: %s".formatted(what, reason));
      case DriverEvent.Agreed(var agreements) -> step.agreements = List.copyOf(agreements);
      case DriverEvent.Notarised(var answer) -> notarised(step, answer);
      case DriverEvent.TimerFired(TimerId timer) -> {
        if (step.fired(timer)) {
          timer(step, timer);
        }
      }
      case DriverEvent.Commanded(var command) -> command(step, command);
    }
  }

  private void restart(DriverStep step) {
    step.connected = false;
    step.held = Optional.empty();
    step.forgetTimers();
    identities.give(step, _ -> new NotaryEvent.Restarted());
    step.give(new LegEvent.Restarted());
    step.session().ifPresent(session -> step.session(session.restarted()));
    if (step.leg().life() == PaymentLeg.Life.CLOSING_TOGETHER) {
      step.setTimer(TimerId.Kind.CLOSE, policy.closeTimeout());
    }
    step.store("started");
  }

  private void connected(DriverStep step) {
    if (step.connected) {
      step.give(new LegEvent.Disconnected()); // a new link replaces the old one
    }
    step.connected = true;
    step.held = Optional.empty();
    identities.give(step, NotaryEvent.Connected::new); // before all else that is said
    if (identities.areAsked()) {
      step.setTimer(TimerId.Kind.INTRODUCTION, INTRODUCTION);
    }
    if (policy.funding().isPresent()
        && step.leg().outcome().filter(LegOutcome.ABANDONED::equals).isPresent()) {
      step.nextKeys();
    }
    step.give(new LegEvent.Connected());
    open(step);
  }

  private void open(DriverStep step) {
    identities.judge(step);
    if (step.leg().life() == PaymentLeg.Life.ABSENT && identities.isChannelWanted(step)) {
      policy.funding().ifPresent(plan -> step.give(plan.event(step.now().entropy())));
    }
  }

  /** Another channel after one that is settled, under keys of its own. */
  private void openAnother(DriverStep step) {
    if (policy.funding().isEmpty() || !step.leg().isClosed()) {
      return;
    }
    identities.leave(step);
    step.nextKeys();
    step.store("another channel");
    if (step.connected) {
      step.give(new LegEvent.Connected());
      open(step);
    }
  }

  private void heard(DriverStep step, List<PeerMessage> messages) {
    boolean refused = false;
    for (PeerMessage message : messages) {
      if (!(message instanceof PeerMessage.OfIdentity)) {
        identities.give(step, NotaryEvent.HeardOther::new);
      }
      switch (message) {
        case PeerMessage.OfLeg(var said) -> refused = talk.heard(step, said, refused);
        case PeerMessage.OfSession(SessionMessage said) -> talk.heard(step, said);
        case PeerMessage.OfIdentity(var said) -> identities.heard(step, said);
      }
    }
  }

  /** What waited until it is known who the pile is goes on. */
  private void notarised(DriverStep step, NotaryAnswer answer) {
    identities.give(step, _ -> new NotaryEvent.Done(answer));
    judgeAgain(step);
    if (step.connected && !(identities.admission(step) instanceof Admission.Awaited)) {
      step.held.ifPresent(offer -> talk.heard(step, offer));
      step.held = Optional.empty();
      open(step);
    }
  }

  /** A pile that hears that it is refused offers nothing, so its offer is not waited for. */
  private void judgeAgain(DriverStep step) {
    if (step.connected && identities.isRefused(step)) {
      step.setTimer(TimerId.Kind.INTRODUCTION, AGAIN);
    }
  }

  private void noticed(DriverStep step, LegNotice notice) {
    switch (notice) {
      case LegNotice.Funded(String by) -> step.tell(new DriverNotice.ChannelFunded(by));
      case LegNotice.Usable() -> step.tell(new DriverNotice.ChannelUsable());
      case LegNotice.EnergySettled(EnergyClaim claim) -> {
        step.session()
            .filter(s -> s.id().equals(claim.session()))
            .ifPresent(s -> step.session(s.claimed(claim)));
        identities.paid(step, claim.session());
        step.tell(new DriverNotice.EnergyPaid(claim));
      }
      case LegNotice.PaymentOffered(var payment) -> {
        if (!context.awaited().contain(payment)) {
          step.give(new LegEvent.GiveBack(payment.id()));
        }
      }
      case LegNotice.Suspended _ -> {} // the pile, which claims, stops
      case LegNotice.Refused(String reason) -> step.alert(reason);
      case LegNotice.PeerObjected(String text) -> step.alert("the pile objected: " + text);
      case LegNotice.Ending(String reason) -> {
        step.tell(new DriverNotice.ChannelEnding(reason));
        if (step.leg().isClosable()) {
          step.setTimer(TimerId.Kind.CLOSE, policy.closeTimeout());
        }
      }
      case LegNotice.Closed(LegOutcome outcome, var last) -> {
        last.ifPresent(paid -> identities.closed(step, paid));
        step.cancel(TimerId.Kind.CLOSE);
        if (step.session().filter(DriverSession::isOpen).isPresent()) {
          step.keepReceipt();
        }
        step.tell(new DriverNotice.ChannelClosed(outcome));
      }
    }
  }

  private void timer(DriverStep step, TimerId timer) {
    switch (timer.kind()) {
      case CLOSE -> {
        if (step.leg().isClosable()) {
          step.give(
              new LegEvent.CloseUnilaterally(
                  "the cooperative close did not finish in %d s"
                      .formatted(policy.closeTimeout().toSeconds())));
        }
      }
      case PEER ->
          stop(
              step,
              StopReason.PEER_SILENT,
              "pile silent for %d s".formatted(policy.pileTimeout().toSeconds()));
      case INTRODUCTION -> {
        identities.give(step, NotaryEvent.HeardOther::new); // it said nothing
        identities.judge(step);
        judgeAgain(step);
      }
      case GRACE -> {} // looked at after every event
      case OFFER, BOUND, RECLOSE, SETTLE, TICK -> {} // a pile's timers
    }
  }

  private void command(DriverStep step, DriverCommand command) {
    switch (command) {
      case DriverCommand.OpenChannel() -> openAnother(step);
      case DriverCommand.Stop() ->
          stop(step, StopReason.DRIVER_STOPPED, "the driver wants no more");
      case DriverCommand.CloseChannel() -> {
        stop(step, StopReason.DRIVER_STOPPED, "the driver closes the channel");
        step.give(new LegEvent.CloseCooperatively());
      }
      case DriverCommand.Deposit(Amount total) -> step.give(LegEvent.deposit(total));
      case DriverCommand.Htlc(var htlc) -> step.give(new LegEvent.OnBitcoin(htlc));
      case DriverCommand.ForceCloseChannel(String reason) ->
          step.give(new LegEvent.CloseUnilaterally(reason));
    }
  }

  private static void stop(DriverStep step, StopReason reason, String text) {
    Optional<DriverSession> open = step.session().filter(s -> s.isOpen() && s.stopping().isEmpty());
    if (open.isPresent()) {
      step.session(open.get().stopping(reason));
      step.store("session stopping: " + reason);
      step.say(new SessionStop(open.get().id(), reason, text));
      step.tell(new DriverNotice.SessionStopping(reason, text));
    }
  }

  private static void chainStands(DriverStep step, Optional<ChainTrouble> trouble) {
    boolean was = step.chain.trouble().isPresent();
    step.chain = step.chain.told(trouble);
    if (!was && trouble.isPresent()) {
      step.alert("the chain is out of sight: " + trouble.get().reason());
      step.store(ChainSight.LOST + ": " + trouble.get().reason());
    } else if (was && trouble.isEmpty()) {
      step.alert("the chain is in sight again");
      step.store(ChainSight.FOUND);
    }
  }

  /**
   * A driver that can't see what the pile publishes puts nothing more at stake when its grace is
   * over. There is no word for a pause, so it ends the session, and still signs for what has
   * flowed.
   */
  private void watchChain(DriverStep step) {
    step.chain = step.chain.at(step.now().monotonicNanos(), policy.grace());
    Optional<Duration> left = step.chain.left(step.now().monotonicNanos(), policy.grace());
    if (left.isEmpty() || step.chain.blind()) {
      step.cancel(TimerId.Kind.GRACE);
    } else if (!step.isRunning(TimerId.Kind.GRACE)) {
      step.setTimer(TimerId.Kind.GRACE, left.get());
    }
    if (step.chain.blind()) {
      stop(step, StopReason.CHAIN_OUT_OF_SIGHT, DriverTalk.BLIND);
    }
  }

  /** A pile that is not there during a session is waited for only so long. */
  private void awaitPile(DriverStep step) {
    boolean waits =
        !step.leg().isUsable()
            && step.session().filter(s -> s.isOpen() && s.stopping().isEmpty()).isPresent();
    if (!waits) {
      step.cancel(TimerId.Kind.PEER);
    } else if (!step.isRunning(TimerId.Kind.PEER)) {
      step.setTimer(TimerId.Kind.PEER, policy.pileTimeout());
    }
  }
}
