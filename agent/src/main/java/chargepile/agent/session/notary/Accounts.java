package chargepile.agent.session.notary;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.PublicKey;
import java.util.List;
import java.util.Optional;

/** From the terms that two certified parties agree to, to what is to be signed at the end. */
final class Accounts {
  private final NotaryContext context;
  private final Proposals proposals;

  Accounts(NotaryContext context, Proposals proposals) {
    this.context = context;
    this.proposals = proposals;
  }

  void agreed(NotaryStep step, SessionId session, PublicKey peer, long commitment) {
    step.engagement =
        step.peer(peer) instanceof PeerIdentity.Certified certified
            ? Optional.of(
                new Engagement(
                    session,
                    peer,
                    certified.certificate(),
                    step.certificate(context),
                    commitment,
                    Optional.empty()))
            : Optional.empty();
    if (context.isPile()) {
      repeatSummaries(step, peer);
    }
  }

  void paid(NotaryStep step, SessionId session, long commitment) {
    step.engagement =
        step.engagement.map(e -> e.session().equals(session) ? e.paidAt(commitment) : e);
  }

  void ended(NotaryStep step, NotaryEvent.Ended ended) {
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
    SessionAccount account =
        engagement.conclusion().map(ended.account()::concluded).orElse(ended.account());
    List<Direction> directions = ended.open() ? List.of(Direction.values()) : account.traded();
    for (Direction direction : directions) {
      Pending pending =
          new Pending(
              direction,
              ended.peer(),
              engagement.peerCertificate(),
              engagement.ownCertificate(),
              account,
              kept(ended.summary()),
              Optional.empty());
      step.add(pending);
      if (context.isPile()) {
        proposals.sign(step, pending, false);
      }
    }
  }

  /** What was paid is known for good, be it drawn up already or not. */
  void concluded(NotaryStep step, Conclusion conclusion) {
    SessionId session = conclusion.paid().session();
    step.engagement =
        step.engagement.map(e -> e.session().equals(session) ? e.with(conclusion) : e);
    step.pending().stream()
        .filter(p -> p.id().session().equals(session))
        .forEach(p -> concluded(step, p, conclusion));
  }

  private static void concluded(NotaryStep step, Pending pending, Conclusion conclusion) {
    SessionTotals.Total paid = conclusion.paid().total(pending.direction());
    if (paid.amount().value() == 0) {
      step.remove(pending);
      step.store("settlement without a payment");
      if (pending.isOwed()) {
        step.tell(
            new NotaryNotice.Unsettled(
                pending.id(), "the channel was settled without the payment"));
      }
    } else if (!paid.equals(pending.paid())) {
      step.replace(pending, pending.with(pending.account().concluded(conclusion)).unsigned());
      step.said.remove(pending.id());
      step.failed.remove(pending.id());
      step.asked.remove(pending.id());
      step.store("settlement as the channel ended");
    }
  }

  void dropped(NotaryStep step, SessionTotals paid, String reason) {
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
}
