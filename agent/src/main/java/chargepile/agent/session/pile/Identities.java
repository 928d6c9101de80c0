package chargepile.agent.session.pile;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.leg.LastPaid;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.SignedState;
import chargepile.agent.session.notary.Admission;
import chargepile.agent.session.notary.Conclusion;
import chargepile.agent.session.notary.Engagement;
import chargepile.agent.session.notary.NotaryAction;
import chargepile.agent.session.notary.NotaryContext;
import chargepile.agent.session.notary.NotaryEvent;
import chargepile.agent.session.notary.NotaryMachine;
import chargepile.agent.session.notary.NotaryNotice;
import chargepile.agent.session.notary.NotaryTransition;
import chargepile.agent.session.notary.SessionAccount;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.List;

/** The pile's notary: is given what happens, and its actions become the pile's. */
final class Identities {
  private final NotaryMachine machine;

  Identities(NotaryContext context) {
    this.machine = new NotaryMachine(context);
  }

  void give(PileStep step, NotaryEvent event) {
    NotaryTransition transition = machine.on(step.notary(), event);
    step.notary(transition.next());
    transition.actions().forEach(action -> carryOut(step, action));
  }

  private static void carryOut(PileStep step, NotaryAction action) {
    switch (action) {
      case NotaryAction.Store(String name) -> step.store(name);
      case NotaryAction.Keep(var id, var file) -> step.keep(id, file);
      case NotaryAction.Say(PublicKey peer, var message) -> step.say(peer, message);
      case NotaryAction.Ask(var task) -> step.ask(task);
      case NotaryAction.Notify(var notice) -> noticed(step, notice);
    }
  }

  private static void noticed(PileStep step, NotaryNotice notice) {
    switch (notice) {
      case NotaryNotice.PeerCertified(PublicKey peer, var identity) -> {
        if (!step.notary().unwilling().contains(peer) && step.declined.remove(peer)) {
          step.alert("driver %s is certified now, as %s".formatted(peer, identity.name()));
        }
      }
      case NotaryNotice.Settled _ -> {}
      case NotaryNotice.PeerRefused(PublicKey peer, String reason) ->
          step.alert("driver %s is not certified: %s".formatted(peer, reason));
      case NotaryNotice.RefusedByPeer(PublicKey peer, String text) -> {
        step.alert("driver %s agrees to no terms of this pile: %s".formatted(peer, text));
        step.declined.add(peer);
      }
      case NotaryNotice.AcceptedByPeer(PublicKey peer) -> {
        step.alert("driver %s agrees to terms of this pile after all".formatted(peer));
        step.declined.remove(peer);
      }
      case NotaryNotice.Unsettled(var id, String reason) ->
          step.alert("settlement certificate of the %s: %s".formatted(id, reason));
    }
  }

  /** Whether a driver may be offered a session, or open a channel: as it is judged now. */
  Admission admission(PileStep step, PublicKey node) {
    give(step, new NotaryEvent.Wanted(node, step.now().wall()));
    return machine.admission(step.notary(), node);
  }

  /** Whether a driver may not, by the last verdict. */
  boolean isDenied(PileStep step, PublicKey node) {
    return machine.admission(step.notary(), node) instanceof Admission.Denied;
  }

  /** A session was offered. */
  void offered(PileStep step, PublicKey node, SessionOffer offer) {
    long number = step.leg(node).signed().map(SignedState::number).orElse(0L);
    give(step, new NotaryEvent.Agreed(offer.sessionId(), node, number));
  }

  /**
   * The session makes room for the next one: what it came to is drawn up as far as it is known, for
   * later nobody could.
   */
  void leave(PileStep step) {
    step.notary().engagement().ifPresent(engagement -> end(step, engagement, true));
    step.notary()
        .engagement()
        .map(engagement -> step.leg(engagement.peer()).paid(engagement.session()))
        .ifPresent(paid -> give(step, new NotaryEvent.Dropped(paid, "the session is forgotten")));
  }

  /** Draws up what has ended, and proposes what is signed; may be called at any time. */
  void drive(PileStep step) {
    step.notary().engagement().ifPresent(engagement -> end(step, engagement, false));
    for (PublicKey node : List.copyOf(step.connected)) {
      PaymentLeg leg = step.leg(node);
      boolean talks = leg.isUsable() || !leg.isOpen();
      if (!step.notary().pending().isEmpty() && talks && !isPaying(leg)) {
        conclude(step, node, leg);
        give(step, new NotaryEvent.Ready(node));
      }
    }
  }

  /** Whether a payment may still come to pass: by a signature, or by what the ledger takes. */
  private static boolean isPaying(PaymentLeg leg) {
    return (leg.isClosable() || leg.life() == PaymentLeg.Life.SETTLING) && leg.isPending();
  }

  /** A payment that was under way when the session was forgotten may have come to pass. */
  private void conclude(PileStep step, PublicKey node, PaymentLeg leg) {
    SignedState signed = leg.signed().orElse(null);
    if (!leg.isClosable() || signed == null) {
      return;
    }
    for (SessionId session : step.notary().sessions(signed.channel(), node)) {
      SessionTotals paid = leg.paid(session);
      boolean isLatest = !paid.equals(SessionTotals.start(session));
      if (step.notary().isPending(session) && (isLatest || step.notary().isUnpaid(session))) {
        give(step, new NotaryEvent.Concluded(new Conclusion(paid, signed.number())));
      }
    }
  }

  /** A channel is settled: the last payment is in what was published, or is not. */
  void closed(PileStep step, LastPaid last) {
    for (SessionTotals paid : last.sessions()) {
      give(step, new NotaryEvent.Concluded(new Conclusion(paid, last.number())));
    }
  }

  /**
   * @param now whether there is no waiting for a payment that is under way
   */
  private void end(PileStep step, Engagement engagement, boolean now) {
    PileSession session =
        step.session()
            .filter(s -> s.id().equals(engagement.session()))
            .filter(s -> s.phase() instanceof Phase.Ended)
            .orElse(null);
    if (session == null) {
      return;
    }
    PaymentLeg leg = step.leg(session.peer());
    SignedState last = leg.signed().orElse(null);
    if (last == null || (!now && isPaying(leg))) {
      return; // what is paid is not known yet
    }
    long number = last.number();
    Instant ended = step.now().wall();
    Finishing.summary(step)
        .ifPresent(
            summary ->
                give(
                    step,
                    new NotaryEvent.Ended(
                        session.peer(),
                        SessionAccount.of(
                            last.channel(),
                            session.offer(),
                            leg.paid(session.id()),
                            summary,
                            summary.receipt(),
                            number,
                            number,
                            ended,
                            ended),
                        summary,
                        isPaying(leg))));
  }
}
