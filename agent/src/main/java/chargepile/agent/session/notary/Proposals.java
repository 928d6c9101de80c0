package chargepile.agent.session.notary;

import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.wire.IdentityMessage;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;

/** The settlement certificate on its way: signed by the pile, proposed, signed by the driver. */
final class Proposals {
  private final NotaryContext context;

  Proposals(NotaryContext context) {
    this.context = context;
  }

  void sign(NotaryStep step, Pending ended, boolean anew) {
    if (ended.isOwed() && step.asked.add(ended.id())) {
      step.ask(new NotaryTask.Sign(ended, anew));
    }
  }

  /**
   * What is signed is said once on a link. The certificates of a session were judged when its terms
   * were agreed to: what this link's introduction came to, maybe by a clock that jumped in between,
   * takes no signature away.
   */
  void propose(NotaryStep step, PublicKey peer) {
    if (!context.isPile() || !isJudged(step.peer(peer))) {
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

  /** The driver's word is the last; a pile's is that of its own error, and it may say another. */
  private static boolean isJudged(PeerIdentity who) {
    return switch (who) {
      case PeerIdentity.Certified _, PeerIdentity.Refused _ -> true;
      case PeerIdentity.Unheard(), PeerIdentity.Checking _ -> false;
    };
  }

  void refusedByPeer(NotaryStep step, PublicKey peer, IdentityMessage.SettlementRefusal refusal) {
    step.pending(new SettlementId(refusal.session(), refusal.direction()))
        .filter(p -> p.peer().equals(peer))
        .ifPresent(p -> refusedByPeer(step, p, refusal.mistimed(), refusal.text()));
  }

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
    } else {
      step.remove(pending);
      step.store("settlement refused");
      step.tell(new NotaryNotice.Unsettled(pending.id(), "the pile takes no signature: " + text));
    }
  }

  void proposed(NotaryStep step, PublicKey peer, IdentityMessage.SettlementProposal proposal) {
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

  void returned(NotaryStep step, PublicKey peer, IdentityMessage.SettlementSignature returned) {
    step.pending(new SettlementId(returned.session(), returned.direction()))
        .filter(p -> p.peer().equals(peer) && p.proposal().isPresent())
        .filter(p -> !step.failed.contains(p.id()))
        .filter(p -> step.asked.add(p.id()))
        .ifPresent(p -> step.ask(new NotaryTask.Verify(p, returned.signature())));
  }

  void linked(NotaryStep step, PublicKey peer) {
    step.pending().stream()
        .filter(p -> p.peer().equals(peer))
        .forEach(
            p -> {
              step.said.remove(p.id());
              step.failed.remove(p.id());
            });
  }

  /** Has the clerk sign again what the last run did not come to. */
  void restarted(NotaryStep step) {
    step.pending().stream().filter(p -> p.proposal().isEmpty()).forEach(p -> sign(step, p, false));
  }

  void signed(NotaryStep step, NotaryAnswer.Signed answer) {
    step.asked.remove(answer.id());
    step.pending(answer.id())
        .filter(p -> p.account().paid().equals(answer.paid())) // it may be known better by now
        .ifPresent(
            p -> {
              step.replace(p, p.with(answer.proposal()));
              step.store("settlement signed");
            });
  }

  void countersigned(NotaryStep step, NotaryAnswer.Countersigned answer) {
    SettlementId id = answer.id();
    step.asked.remove(id);
    step.pending(id)
        .filter(p -> p.proposal().isPresent())
        .ifPresent(
            p -> {
              ByteVector32 digest = digest(p.proposal().get().settlement());
              step.add(new Answered(id, digest, answer.signature()));
              finish(step, p, answer.file());
              step.say(p.peer(), signature(id, answer.signature()));
            });
  }

  void verified(NotaryStep step, NotaryAnswer.Verified answer) {
    step.asked.remove(answer.id());
    step.pending(answer.id()).ifPresent(p -> finish(step, p, answer.file()));
  }

  void declined(NotaryStep step, SettlementId id, boolean mistimed, String reason) {
    step.asked.remove(id);
    step.pending(id).ifPresent(p -> declined(step, p, mistimed, reason));
  }

  void givenUp(NotaryStep step, NotaryAnswer.GivenUp answer) {
    step.asked.remove(answer.id());
    step.pending(answer.id()).ifPresent(p -> givenUp(step, p, answer.reason()));
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

  private static void finish(NotaryStep step, Pending pending, ByteVector file) {
    step.remove(pending);
    step.act(new NotaryAction.Keep(pending.id(), file));
    step.store("settlement signed by both");
    step.tell(new NotaryNotice.Settled(pending.id(), file));
  }

  /** A refusal is a driver's last word, whether it reaches the pile or has to be said again. */
  private void declined(NotaryStep step, Pending pending, boolean mistimed, String reason) {
    step.failed.add(pending.id());
    if (pending.proposal().isPresent()) {
      step.say(pending.peer(), refusal(pending.id(), mistimed, reason));
    }
    if (!context.isPile() && !mistimed) {
      step.remove(pending);
      step.store("settlement declined");
    }
    step.tell(new NotaryNotice.Unsettled(pending.id(), reason));
  }

  private static void givenUp(NotaryStep step, Pending pending, String reason) {
    step.remove(pending);
    step.store("settlement given up");
    step.say(pending.peer(), refusal(pending.id(), reason));
    step.tell(new NotaryNotice.Unsettled(pending.id(), "given up: " + reason));
  }

  private static ByteVector32 digest(ByteVector settlement) {
    return new ByteVector32(Crypto.sha256(settlement));
  }
}
