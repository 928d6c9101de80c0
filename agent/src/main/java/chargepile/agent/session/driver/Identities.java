package chargepile.agent.session.driver;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.leg.LastPaid;
import chargepile.agent.session.leg.SignedState;
import chargepile.agent.session.notary.Admission;
import chargepile.agent.session.notary.Conclusion;
import chargepile.agent.session.notary.Engagement;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.notary.NotaryAction;
import chargepile.agent.session.notary.NotaryContext;
import chargepile.agent.session.notary.NotaryEvent;
import chargepile.agent.session.notary.NotaryMachine;
import chargepile.agent.session.notary.NotaryNotice;
import chargepile.agent.session.notary.NotaryTransition;
import chargepile.agent.session.notary.PeerIdentity;
import chargepile.agent.session.notary.SessionAccount;
import chargepile.agent.session.wire.IdentityMessage;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The driver's notary: is given what happens, and its actions become the driver's. */
final class Identities {
  private final NotaryContext context;
  private final NotaryMachine machine;

  Identities(NotaryContext context) {
    this.context = context;
    this.machine = new NotaryMachine(context);
  }

  /** Gives an event to the notary, which nothing reaches when nobody is asked who he is. */
  void give(DriverStep step, Function<PublicKey, NotaryEvent> event) {
    if (context.pile().isPresent()) {
      NotaryTransition transition = machine.on(step.notary(), event.apply(context.pile().get()));
      step.notary(transition.next());
      transition.actions().forEach(action -> carryOut(step, action));
    }
  }

  private void carryOut(DriverStep step, NotaryAction action) {
    switch (action) {
      case NotaryAction.Store(String name) -> step.store(name);
      case NotaryAction.Keep(var id, var file) -> step.keep(id, file);
      case NotaryAction.Say(_, var message) -> step.say(message);
      case NotaryAction.Ask(var task) -> step.ask(task);
      case NotaryAction.Notify(var notice) -> step.tell(told(notice));
    }
  }

  private DriverNotice told(NotaryNotice notice) {
    return switch (notice) {
      case NotaryNotice.PeerCertified(_, var identity) ->
          new DriverNotice.PileCertified(identity.name());
      case NotaryNotice.PeerRefused(_, String reason) ->
          new DriverNotice.PileNotCertified(reason, isNeeded());
      case NotaryNotice.RefusedByPeer(_, String text) -> new DriverNotice.NotAdmitted(text);
      case NotaryNotice.AcceptedByPeer _ -> new DriverNotice.Admitted();
      case NotaryNotice.Settled(var id, var file) -> new DriverNotice.SettlementSigned(id, file);
      case NotaryNotice.Unsettled(var id, String reason) ->
          new DriverNotice.SettlementNotSigned(id, reason);
    };
  }

  /** Whether the pile is asked who it is. */
  boolean areAsked() {
    return context.pile().isPresent();
  }

  private boolean isNeeded() {
    return context.policy() == IdentityPolicy.REQUIRED;
  }

  /** Judges the pile again, unless that was just done. */
  void judge(DriverStep step) {
    give(step, pile -> new NotaryEvent.Wanted(pile, step.now().wall()));
  }

  /** Whether the pile is refused by the last verdict, which may be another the next time. */
  boolean isRefused(DriverStep step) {
    return context
        .pile()
        .filter(pile -> step.notary().peer(pile) instanceof PeerIdentity.Refused)
        .isPresent();
  }

  /** Whether terms may be agreed to with the pile. */
  Admission admission(DriverStep step) {
    return context.pile().isEmpty()
        ? new Admission.Granted()
        : machine.admission(step.notary(), context.pile().get());
  }

  /** Whether money may be put into a channel: not before it is known that there will be terms. */
  boolean isChannelWanted(DriverStep step) {
    return !isNeeded() || admission(step) instanceof Admission.Granted;
  }

  /** What of an offer is not what the pile is certified for; empty when all is. */
  Optional<String> objection(DriverStep step, SessionOffer offer) {
    return context
        .pile()
        .map(node -> step.notary().peer(node))
        .filter(PeerIdentity.Certified.class::isInstance)
        .map(PeerIdentity.Certified.class::cast)
        .flatMap(pile -> objection(pile, offer));
  }

  private static Optional<String> objection(PeerIdentity.Certified pile, SessionOffer offer) {
    OptionalLong power = pile.ratedPowerWatts();
    if (power.isEmpty() || power.getAsLong() != offer.ratedPowerWatts()) {
      return Optional.of(
          "the pile offers %d W and is certified for %s"
              .formatted(
                  offer.ratedPowerWatts(),
                  power.isPresent() ? power.getAsLong() + " W" : "no power at all"));
    }
    if (!pile.meterKey().equals(offer.meterKey())) {
      return Optional.of(
          "the pile's meter key is %s, and it is certified for %s"
              .formatted(text(offer.meterKey()), text(pile.meterKey())));
    }
    return Optional.empty();
  }

  private static String text(Optional<PublicKey> key) {
    return key.map(PublicKey::toHex).orElse("none");
  }

  void heard(DriverStep step, IdentityMessage message) {
    if (context.pile().isEmpty()
        && message instanceof IdentityMessage.IntroductionRefusal(String text)) {
      step.tell(new DriverNotice.NotAdmitted(text)); // also who has no identity wants to know why
    }
    if (message instanceof IdentityMessage.SettlementProposal) {
      if (step.leg().isUndecided()) {
        return; // the pile says it again at the next link
      }
      step.leg()
          .signed()
          .ifPresent(
              now -> give(step, _ -> new NotaryEvent.Reached(now.channel(), now.peerNumber())));
    }
    give(step, pile -> new NotaryEvent.Heard(pile, message));
  }

  void agreed(DriverStep step, SessionOffer offer) {
    give(step, pile -> new NotaryEvent.Agreed(offer.sessionId(), pile, highest(step)));
  }

  void paid(DriverStep step, SessionId session) {
    give(step, _ -> new NotaryEvent.Paid(session, highest(step)));
  }

  /**
   * The pile gave its account of a session.
   *
   * @param doubt what of the account is not so, or can't be: then nothing is signed
   */
  void ended(
      DriverStep step, DriverSession session, SessionSummary summary, Optional<String> doubt) {
    Engagement engagement =
        step.notary().engagement().filter(e -> e.session().equals(session.id())).orElse(null);
    SignedState last = step.leg().signed().orElse(null);
    if (engagement == null || last == null) {
      return;
    }
    SessionTotals paid = step.leg().paid(session.id());
    Optional<String> objection = doubt.or(() -> SessionAccount.objection(session.offer(), summary));
    if (objection.isPresent()) {
      give(step, _ -> new NotaryEvent.Dropped(paid, objection.get()));
      return;
    }
    SessionAccount account =
        SessionAccount.of(
            last.channel(),
            session.offer(),
            paid,
            summary,
            session.record(),
            engagement.commitment(),
            Math.max(engagement.commitment(), last.peerNumber()),
            session.acceptedAt(),
            step.now().wall());
    give(step, pile -> new NotaryEvent.Ended(pile, account, summary, false));
  }

  /** The channel is settled: the last payment is in what was published, or is not. */
  void closed(DriverStep step, LastPaid last) {
    for (SessionTotals paid : last.sessions()) {
      give(step, _ -> new NotaryEvent.Concluded(new Conclusion(paid, last.peerNumber())));
    }
  }

  /** The session under way is left, and the pile never gave its account of it. */
  void leave(DriverStep step) {
    step.notary()
        .engagement()
        .map(engagement -> step.leg().paid(engagement.session()))
        .ifPresent(
            paid ->
                give(step, _ -> new NotaryEvent.Dropped(paid, "the pile never said how it ended")));
  }

  /** The number of the pile's last state that this side signed. */
  private static long highest(DriverStep step) {
    return step.leg().signed().map(SignedState::peerNumber).orElse(0L);
  }
}
