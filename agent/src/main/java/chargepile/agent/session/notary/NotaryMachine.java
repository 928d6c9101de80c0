package chargepile.agent.session.notary;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.wire.IdentityMessage;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;
import java.util.Optional;

/**
 * A notary's pure state machine: every event in every state has an answer. Stateless itself;
 * thread-safe.
 */
public final class NotaryMachine {
  private final NotaryContext context;

  public NotaryMachine(NotaryContext context) {
    this.context = context;
  }

  /** Whether terms may be agreed to with a peer now. */
  public Admission admission(Notary notary, PublicKey peer) {
    if (context.policy() == IdentityPolicy.OFF) {
      return new Admission.Granted();
    }
    return switch (notary.peer(peer)) {
      case PeerIdentity.Certified _ -> new Admission.Granted();
      case PeerIdentity.Unheard(), PeerIdentity.Checking _ -> new Admission.Awaited();
      case PeerIdentity.Refused(String reason) ->
          context.policy() == IdentityPolicy.REQUIRED
              ? new Admission.Denied(reason)
              : new Admission.Granted();
    };
  }

  /** The answer to an event. */
  public NotaryTransition on(Notary notary, NotaryEvent event) {
    NotaryStep step = new NotaryStep(notary);
    if (context.policy() != IdentityPolicy.OFF) {
      handle(step, event);
    }
    return step.done();
  }

  private void handle(NotaryStep step, NotaryEvent event) {
    switch (event) {
      case NotaryEvent.Restarted() -> restart(step);
      case NotaryEvent.Connected(PublicKey peer) -> {
        step.peers.put(peer, new PeerIdentity.Unheard());
        step.pending().stream()
            .filter(p -> p.peer().equals(peer))
            .forEach(
                p -> {
                  step.said.remove(p.id());
                  step.failed.remove(p.id());
                });
        step.unwilling.remove(peer);
        step.say(peer, new IdentityMessage.Introduction(context.certificate()));
      }
      case NotaryEvent.Disconnected(PublicKey peer) -> {
        step.peers.remove(peer);
        step.unwilling.remove(peer);
      }
      case NotaryEvent.Heard(PublicKey peer, IdentityMessage message) -> {
        if (step.peers.containsKey(peer)) {
          heard(step, peer, message);
        }
      }
      case NotaryEvent.HeardOther(PublicKey peer) -> {
        if (step.peers.containsKey(peer) && step.peer(peer) instanceof PeerIdentity.Unheard) {
          refuse(step, peer, "no certificate is shown");
        }
      }
      case NotaryEvent.Done(NotaryAnswer answer) -> answered(step, answer);
      case NotaryEvent.Agreed(SessionId session, PublicKey peer, long commitment) -> {
        step.engagement =
            step.peer(peer) instanceof PeerIdentity.Certified certified
                ? Optional.of(
                    new Engagement(
                        session, peer, certified.certificate(), context.certificate(), commitment))
                : Optional.empty();
        if (context.isPile()) {
          repeatSummaries(step, peer);
        }
      }
      case NotaryEvent.Paid(SessionId session, long commitment) ->
          step.engagement =
              step.engagement.map(e -> e.session().equals(session) ? e.paidAt(commitment) : e);
      case NotaryEvent.Ended ended -> ended(step, ended);
      case NotaryEvent.Dropped(SessionTotals paid, String reason) -> dropped(step, paid, reason);
      case NotaryEvent.Ready(PublicKey peer) -> propose(step, peer);
      case NotaryEvent.Reached(var channel, long commitment) ->
          step.change(
              p ->
                  p.account().channel().equals(channel)
                      ? p.with(p.account().withMostCommitment(commitment))
                      : p);
    }
  }

  private void restart(NotaryStep step) {
    step.peers.clear();
    step.asked.clear();
    step.said.clear();
    step.failed.clear();
    step.unwilling.clear();
    if (context.isPile()) {
      step.pending().stream()
          .filter(p -> p.proposal().isEmpty())
          .forEach(p -> sign(step, p, false));
    }
  }

  private static void sign(NotaryStep step, Pending ended, boolean anew) {
    if (step.asked.add(ended.id())) {
      step.ask(new NotaryTask.Sign(ended, anew));
    }
  }

  private void ended(NotaryStep step, NotaryEvent.Ended ended) {
    Engagement engagement =
        step.engagement
            .filter(e -> e.session().equals(ended.summary().sessionId()))
            .filter(e -> e.peer().equals(ended.peer()))
            .orElse(null);
    if (engagement == null) {
      return;
    }
    step.engagement = Optional.empty();
    step.store("settlement drawn up");
    for (Direction direction : ended.account().traded()) {
      Pending pending =
          new Pending(
              direction,
              ended.peer(),
              engagement.peerCertificate(),
              engagement.ownCertificate(),
              ended.account(),
              kept(ended.summary()),
              Optional.empty());
      step.add(pending);
      if (context.isPile()) {
        sign(step, pending, false);
      }
    }
  }

  private static void dropped(NotaryStep step, SessionTotals paid, String reason) {
    if (step.engagement.filter(e -> e.session().equals(paid.session())).isEmpty()) {
      return;
    }
    step.engagement = Optional.empty();
    List<Direction> traded = SessionAccount.traded(paid);
    if (!traded.isEmpty()) {
      step.store("settlement given up");
    }
    for (Direction direction : traded) {
      step.tell(new NotaryNotice.Unsettled(new SettlementId(paid.session(), direction), reason));
    }
  }

  /** A driver forgets a session with the next offer, so it hears first how the last ones ended. */
  private static void repeatSummaries(NotaryStep step, PublicKey peer) {
    step.pending().stream()
        .filter(p -> p.peer().equals(peer) && !step.said.contains(p.id()))
        .map(Pending::summary)
        .distinct()
        .forEach(summary -> step.say(peer, new PeerMessage.OfSession(summary)));
  }

  /** A driver says no summary, and has the meter's records in its receipt. */
  private SessionSummary kept(SessionSummary summary) {
    return context.isPile()
        ? summary
        : new SessionSummary(
            summary.sessionId(),
            summary.reason(),
            summary.paidImport(),
            summary.paidExport(),
            summary.importDelivered(),
            summary.exportDelivered());
  }

  private void propose(NotaryStep step, PublicKey peer) {
    if (!context.isPile() || !(step.peer(peer) instanceof PeerIdentity.Certified)) {
      return;
    }
    for (Pending pending : step.pending()) {
      if (!pending.peer().equals(peer)) {
        continue;
      }
      if (pending.proposal().isEmpty() && !step.failed.contains(pending.id())) {
        sign(step, pending, true); // unless that is being done
      } else if (pending.proposal().isPresent() && step.said.add(pending.id())) {
        Pending.Proposal proposal = pending.proposal().get();
        step.say(peer, new PeerMessage.OfSession(pending.summary()));
        step.say(
            peer,
            new IdentityMessage.SettlementProposal(
                pending.id().session(),
                pending.direction(),
                proposal.settlement(),
                proposal.signature()));
      }
    }
  }

  private void heard(NotaryStep step, PublicKey peer, IdentityMessage message) {
    switch (message) {
      case IdentityMessage.Introduction(ByteVector certificate) -> {
        if (step.peer(peer) instanceof PeerIdentity.Unheard) { // once on a link
          step.peers.put(peer, new PeerIdentity.Checking(certificate));
          step.ask(new NotaryTask.Check(peer, certificate, !context.isPile()));
        }
      }
      case IdentityMessage.IntroductionRefusal(String text) -> {
        if (step.unwilling.add(peer)) { // once on a link
          step.tell(new NotaryNotice.RefusedByPeer(peer, text));
        }
      }
      case IdentityMessage.SettlementProposal proposal -> {
        if (!context.isPile()) {
          proposed(step, peer, proposal);
        }
      }
      case IdentityMessage.SettlementSignature(
              SessionId session,
              Direction direction,
              ByteVector signature) -> {
        if (context.isPile()) {
          step.pending(new SettlementId(session, direction))
              .filter(p -> p.peer().equals(peer) && p.proposal().isPresent())
              .filter(p -> !step.failed.contains(p.id()))
              .filter(p -> step.asked.add(p.id()))
              .ifPresent(p -> step.ask(new NotaryTask.Verify(p, signature)));
        }
      }
      case IdentityMessage.SettlementRefusal(
              SessionId session,
              Direction direction,
              boolean mistimed,
              String text) ->
          step.pending(new SettlementId(session, direction))
              .filter(p -> p.peer().equals(peer))
              .ifPresent(p -> refusedByPeer(step, p, mistimed, text));
    }
  }

  /** The driver's word is the last; a pile's is that of its own error, and it may say another. */
  private void refusedByPeer(NotaryStep step, Pending pending, boolean mistimed, String text) {
    if (context.isPile() && mistimed) {
      if (pending.proposal().isPresent() && step.failed.add(pending.id())) {
        step.replace(pending, pending.unsigned());
        step.said.remove(pending.id());
        step.store("settlement's time refused");
        step.tell(
            new NotaryNotice.Unsettled(
                pending.id(), "the driver signs at the next link, with another time: " + text));
      }
    } else if (context.isPile()) {
      step.remove(pending);
      step.store("settlement refused");
      step.tell(new NotaryNotice.Unsettled(pending.id(), "the driver does not sign: " + text));
    } else if (step.failed.add(pending.id())) {
      step.tell(new NotaryNotice.Unsettled(pending.id(), "the pile takes no signature: " + text));
    }
  }

  private static void proposed(
      NotaryStep step, PublicKey peer, IdentityMessage.SettlementProposal proposal) {
    SettlementId id = new SettlementId(proposal.session(), proposal.direction());
    Optional<Answered> answered = step.answered(id);
    Optional<Pending> pending = step.pending(id).filter(p -> p.peer().equals(peer));
    if (answered.isPresent()) {
      if (answered.get().digest().equals(digest(proposal.settlement()))) {
        step.say(peer, signature(id, answered.get().signature()));
      } else {
        step.say(peer, refusal(id, "another one is signed already"));
      }
    } else if (pending.isEmpty()) {
      step.say(peer, refusal(id, "no session of certified parties waits to be settled with this"));
    } else if (!step.failed.contains(id) && step.asked.add(id)) {
      var said = new Pending.Proposal(proposal.settlement(), proposal.signature());
      step.replace(pending.get(), pending.get().with(said));
      step.ask(new NotaryTask.Countersign(pending.get(), said));
    }
  }

  private static IdentityMessage signature(SettlementId id, ByteVector signature) {
    return new IdentityMessage.SettlementSignature(id.session(), id.direction(), signature);
  }

  private static IdentityMessage refusal(SettlementId id, String text) {
    return refusal(id, false, text);
  }

  private static IdentityMessage refusal(SettlementId id, boolean mistimed, String text) {
    return new IdentityMessage.SettlementRefusal(id.session(), id.direction(), mistimed, text);
  }

  private void answered(NotaryStep step, NotaryAnswer answer) {
    switch (answer) {
      case NotaryAnswer.Identified(PublicKey peer, ByteVector certificate, PeerIdentity who) -> {
        if (step.peer(peer).equals(new PeerIdentity.Checking(certificate))) {
          identified(step, peer, who);
        }
      }
      case NotaryAnswer.Signed(SettlementId id, Pending.Proposal proposal) -> {
        step.asked.remove(id);
        step.pending(id)
            .ifPresent(
                p -> {
                  step.replace(p, p.with(proposal));
                  step.store("settlement signed");
                });
      }
      case NotaryAnswer.Countersigned(SettlementId id, ByteVector signature, ByteVector file) -> {
        step.asked.remove(id);
        step.pending(id)
            .filter(p -> p.proposal().isPresent())
            .ifPresent(
                p -> {
                  ByteVector32 digest = digest(p.proposal().get().settlement());
                  step.add(new Answered(id, digest, signature));
                  finish(step, p, file);
                  step.say(p.peer(), signature(id, signature));
                });
      }
      case NotaryAnswer.Verified(SettlementId id, ByteVector file) -> {
        step.asked.remove(id);
        step.pending(id).ifPresent(p -> finish(step, p, file));
      }
      case NotaryAnswer.Declined(SettlementId id, String reason) -> {
        step.asked.remove(id);
        step.pending(id).ifPresent(p -> declined(step, p, false, reason));
      }
      case NotaryAnswer.Mistimed(SettlementId id, String reason) -> {
        step.asked.remove(id);
        step.pending(id).ifPresent(p -> declined(step, p, true, reason));
      }
      case NotaryAnswer.GivenUp(SettlementId id, String reason) -> {
        step.asked.remove(id);
        step.pending(id).ifPresent(p -> givenUp(step, p, reason));
      }
    }
  }

  private static void finish(NotaryStep step, Pending pending, ByteVector file) {
    step.remove(pending);
    step.act(new NotaryAction.Keep(pending.id(), file));
    step.store("settlement signed by both");
    step.tell(new NotaryNotice.Settled(pending.id(), file));
  }

  private static void declined(NotaryStep step, Pending pending, boolean mistimed, String reason) {
    step.failed.add(pending.id());
    if (pending.proposal().isPresent()) {
      step.say(pending.peer(), refusal(pending.id(), mistimed, reason));
    }
    step.tell(new NotaryNotice.Unsettled(pending.id(), reason));
  }

  private static void givenUp(NotaryStep step, Pending pending, String reason) {
    step.remove(pending);
    step.store("settlement given up");
    step.say(pending.peer(), refusal(pending.id(), reason));
    step.tell(new NotaryNotice.Unsettled(pending.id(), "given up: " + reason));
  }

  private void identified(NotaryStep step, PublicKey peer, PeerIdentity who) {
    switch (who) {
      case PeerIdentity.Certified certified -> {
        step.peers.put(peer, certified);
        step.tell(new NotaryNotice.PeerCertified(peer, certified));
      }
      case PeerIdentity.Refused(String reason) -> refuse(step, peer, reason);
      case PeerIdentity.Unheard(), PeerIdentity.Checking _ -> {} // no answer
    }
  }

  private void refuse(NotaryStep step, PublicKey peer, String reason) {
    step.peers.put(peer, new PeerIdentity.Refused(reason));
    step.tell(new NotaryNotice.PeerRefused(peer, reason));
    if (context.policy() == IdentityPolicy.REQUIRED) {
      step.say(peer, new IdentityMessage.IntroductionRefusal(reason));
    }
  }

  private static ByteVector32 digest(ByteVector settlement) {
    return new ByteVector32(Crypto.sha256(settlement));
  }
}
