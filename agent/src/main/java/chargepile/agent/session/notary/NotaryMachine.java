package chargepile.agent.session.notary;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.wire.IdentityMessage;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;

/**
 * A notary's pure state machine: every event in every state has an answer. Stateless itself;
 * thread-safe.
 */
public final class NotaryMachine {
  private final NotaryContext context;
  private final Introductions introductions;
  private final Proposals proposals;
  private final Accounts accounts;

  public NotaryMachine(NotaryContext context) {
    this.context = context;
    this.introductions = new Introductions(context);
    this.proposals = new Proposals(context);
    this.accounts = new Accounts(context, proposals);
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
        proposals.linked(step, peer);
        introductions.connected(step, peer);
      }
      case NotaryEvent.Disconnected(PublicKey peer) -> introductions.disconnected(step, peer);
      case NotaryEvent.Heard(PublicKey peer, IdentityMessage message) -> {
        if (step.peers.containsKey(peer)) {
          heard(step, peer, message);
        }
      }
      case NotaryEvent.HeardOther(PublicKey peer) -> introductions.heardOther(step, peer);
      case NotaryEvent.Wanted(PublicKey peer, Instant now) -> introductions.wanted(step, peer, now);
      case NotaryEvent.Done(NotaryAnswer answer) -> answered(step, answer);
      case NotaryEvent.Agreed(SessionId session, PublicKey peer, long commitment) ->
          accounts.agreed(step, session, peer, commitment);
      case NotaryEvent.Paid(SessionId session, long commitment) ->
          accounts.paid(step, session, commitment);
      case NotaryEvent.Ended ended -> accounts.ended(step, ended);
      case NotaryEvent.Concluded(var conclusion) -> accounts.concluded(step, conclusion);
      case NotaryEvent.Dropped(SessionTotals paid, String reason) ->
          accounts.dropped(step, paid, reason);
      case NotaryEvent.Ready(PublicKey peer) -> proposals.propose(step, peer);
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
    step.shown.clear();
    step.own = null;
    step.asked.clear();
    step.said.clear();
    step.failed.clear();
    step.unwilling.clear();
    if (context.isPile()) {
      proposals.restarted(step);
    }
  }

  private void heard(NotaryStep step, PublicKey peer, IdentityMessage message) {
    switch (message) {
      case IdentityMessage.Introduction(ByteVector certificate) ->
          introductions.heard(step, peer, certificate);
      case IdentityMessage.IntroductionRefusal(String text) ->
          introductions.refused(step, peer, text);
      case IdentityMessage.SettlementProposal proposal -> {
        if (!context.isPile()) {
          proposals.proposed(step, peer, proposal);
        }
      }
      case IdentityMessage.SettlementSignature returned -> {
        if (context.isPile()) {
          proposals.returned(step, peer, returned);
        }
      }
      case IdentityMessage.SettlementRefusal refusal ->
          proposals.refusedByPeer(step, peer, refusal);
    }
  }

  private void answered(NotaryStep step, NotaryAnswer answer) {
    switch (answer) {
      case NotaryAnswer.Identified identified -> introductions.identified(step, identified);
      case NotaryAnswer.Renewed(ByteVector certificate) -> introductions.renewed(step, certificate);
      case NotaryAnswer.Signed signed -> proposals.signed(step, signed);
      case NotaryAnswer.Countersigned signed -> proposals.countersigned(step, signed);
      case NotaryAnswer.Verified verified -> proposals.verified(step, verified);
      case NotaryAnswer.Declined(SettlementId id, String reason) ->
          proposals.declined(step, id, false, reason);
      case NotaryAnswer.Mistimed(SettlementId id, String reason) ->
          proposals.declined(step, id, true, reason);
      case NotaryAnswer.GivenUp givenUp -> proposals.givenUp(step, givenUp);
    }
  }
}
