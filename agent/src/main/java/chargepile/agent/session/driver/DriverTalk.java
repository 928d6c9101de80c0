package chargepile.agent.session.driver;

import chargepile.agent.crypto.Signer;
import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.Agreement;
import chargepile.agent.session.Moment;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.notary.Admission;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.SessionAccept;
import chargepile.agent.session.wire.SessionMessage;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionPaid;
import chargepile.agent.session.wire.SessionStop;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What a driver answers to what the pile says. */
final class DriverTalk {
  /** Where the driver's node is and what it lacks is not the pile's business. */
  static final String BLIND = "the driver's chain is out of sight";

  private final DriverPolicy policy;
  private final AmountUnit unit;
  private final Signer verifier;
  private final Identities identities;

  DriverTalk(DriverPolicy policy, AmountUnit unit, Signer verifier, Identities identities) {
    this.policy = policy;
    this.unit = unit;
    this.verifier = verifier;
    this.identities = identities;
  }

  /**
   * A channel message; a claim goes to the channel only when it is accepted.
   *
   * @param refused whether a claim in the same frame was refused, so that its signature is void
   * @return the same, with this message taken into account
   */
  boolean heard(DriverStep step, LegMessage message, boolean refused) {
    Optional<EnergyClaim> claim = message.claim();
    if (claim.isPresent() && step.leg().answersClaims()) {
      Optional<ClaimReview.Refused> refusal = review(step, claim.get());
      if (refusal.isPresent()) {
        refuse(step, claim.get(), refusal.get());
        return true;
      }
    }
    if (!(refused && message.signsClaims())) {
      step.give(new LegEvent.Heard(message));
    }
    return refused;
  }

  void heard(DriverStep step, SessionMessage message) {
    switch (message) {
      case SessionOffer offer -> offered(step, offer);
      case SessionStop stop ->
          step.session()
              .filter(s -> s.id().equals(stop.sessionId()) && s.stopping().isEmpty())
              .ifPresent(
                  s -> {
                    step.session(s.stopping(stop.reason()));
                    step.store("session stopping: " + stop.reason());
                    step.tell(new DriverNotice.SessionStopping(stop.reason(), stop.text()));
                  });
      case SessionSummary summary -> summarised(step, summary);
      case SessionPaid _ -> {} // for whoever settles what was agreed
      case SessionAccept _ ->
          step.alert("the pile said SessionAccept, which only a driver says: ignored");
    }
  }

  private void offered(DriverStep step, SessionOffer offer) {
    Optional<DriverSession> known = step.session().filter(s -> s.id().equals(offer.sessionId()));
    if (known.isPresent()) {
      repeat(step, known.get(), offer);
      return;
    }
    identities.judge(step);
    if (identities.admission(step) instanceof Admission.Awaited) {
      step.held = Optional.of(offer);
      return;
    }
    if (identities.admission(step) instanceof Admission.Denied(String reason)) {
      refuse(step, offer, StopReason.NOT_CERTIFIED, "the pile is not certified: " + reason);
      return;
    }
    Optional<String> refusal =
        OfferReview.refusal(offer, policy, unit, agreement(step, offer))
            .or(() -> identities.objection(step, offer))
            .or(() -> paidAhead(step));
    if (refusal.isPresent()) {
      refuse(step, offer, StopReason.TERMS_REFUSED, refusal.get());
      return;
    }
    if (step.chain.blind()) {
      refuse(step, offer, StopReason.CHAIN_OUT_OF_SIGHT, BLIND);
      return;
    }
    if (step.session().filter(DriverSession::isOpen).isPresent()) {
      step.keepReceipt(); // the pile never gave its account of the last session
      identities.leave(step);
    }
    DriverSession session =
        new DriverSession(
            offer,
            OfferReview.directions(offer, policy),
            step.now().wall(),
            OptionalLong.of(step.now().monotonicNanos()),
            MilliWattHours.ZERO,
            MilliWattHours.ZERO,
            Optional.empty(),
            Optional.empty());
    step.session(session);
    identities.agreed(step, offer);
    step.store("session accepted");
    accept(step, session);
    step.tell(new DriverNotice.OfferAccepted(offer));
  }

  private static void refuse(DriverStep step, SessionOffer offer, StopReason reason, String text) {
    step.say(new SessionStop(offer.sessionId(), reason, text));
    step.tell(new DriverNotice.OfferRefused(offer, text));
  }

  /**
   * Every session may be paid ahead by an increment: a pile that only began one after the other
   * could claim that again and again, and deliver nothing. So the last one must have been earned.
   */
  private Optional<String> paidAhead(DriverStep step) {
    DriverSession last = step.session().orElse(null);
    if (last == null) {
      return Optional.empty();
    }
    SessionTotals.Total paid = step.leg().paid(last.id()).imported();
    long millis = elapsed(last, step.now()).toMillis();
    long possible = ClaimReview.deliverable(last.offer(), millis);
    return paid.energy().value() - policy.tolerance().value() > possible || paid.duration() > millis
        ? Optional.of(
            "the last session took money for %d mWh and %d ms, more than its %d ms allow"
                .formatted(paid.energy().value(), paid.duration(), millis))
        : Optional.empty();
  }

  /** The pile is back, or did not hear the answer. */
  private void repeat(DriverStep step, DriverSession session, SessionOffer offer) {
    if (!session.offer().equals(offer)) {
      step.say(
          new SessionStop(
              offer.sessionId(), StopReason.TERMS_REFUSED, "the terms of the session changed"));
    } else if (session.stopping().isPresent()) {
      step.say(
          new SessionStop(
              session.id(), session.stopping().get(), "the session is stopping already"));
    } else {
      accept(step, session);
    }
  }

  private void accept(DriverStep step, DriverSession session) {
    step.say(new SessionAccept(session.id(), session.directions(), limits(step, session.offer())));
  }

  /** The one that the terms are of, or the one that they should be of. */
  private static Optional<Agreement> agreement(DriverStep step, SessionOffer offer) {
    return named(step, offer).or(() -> Agreement.with(step.agreements, step.leg().peerAccount()));
  }

  /** The one with this pile that the terms are of. */
  private static Optional<Agreement> named(DriverStep step, SessionOffer offer) {
    return Agreement.of(step.agreements, offer.tariff())
        .filter(agreed -> step.leg().peerAccount().filter(agreed.account()::equals).isPresent());
  }

  private Limits limits(DriverStep step, SessionOffer offer) {
    return named(step, offer)
        .map(agreement -> agreement.within(policy.limits()))
        .orElse(policy.limits());
  }

  private void summarised(DriverStep step, SessionSummary summary) {
    DriverSession session =
        step.session().filter(s -> s.id().equals(summary.sessionId())).orElse(null);
    if (session == null || !session.isOpen()) {
      return;
    }
    SessionTotals paid = step.leg().paid(session.id());
    if (!paid.imported().equals(summary.paidImport())
        || !paid.exported().equals(summary.paidExport())) {
      step.alert(
          "the pile's summary of session %s says %s paid and %s received; signed are %s and %s"
              .formatted(
                  session.id(),
                  unit.write(summary.paidImport().amount()),
                  unit.write(summary.paidExport().amount()),
                  unit.write(paid.imported().amount()),
                  unit.write(paid.exported().amount())));
    }
    Optional<String> objection = records(session, session.record()).objection(summary);
    objection.ifPresent(
        text ->
            step.alert(
                "the meter's receipt of session %s is not kept: %s".formatted(session.id(), text)));
    DriverSession ended = session.summarised(summary, objection.isEmpty());
    step.session(ended);
    step.store("session ended: " + summary.reason());
    step.keepReceipt();
    identities.ended(
        step,
        ended,
        summary,
        objection.or(
            () ->
                ClaimReview.objection(
                    summary, session.offer(), policy, paid, elapsed(session, step.now()))));
    step.tell(new DriverNotice.SessionEnded(summary));
  }

  private Optional<ClaimReview.Refused> review(DriverStep step, EnergyClaim claim) {
    DriverSession session = step.session().orElse(null);
    if (session == null) {
      return Optional.of(
          new ClaimReview.Refused(Refusal.WRONG_SESSION, "no session was agreed to"));
    }
    SessionTotals.Total last = last(step, session, claim);
    return new ClaimReview(
            session,
            policy.with(limits(step, session.offer())),
            unit,
            claim,
            last,
            elapsed(session, step.now()))
        .refusal()
        .or(
            () ->
                records(session, lastRecord(step, session))
                    .objection(claim)
                    .map(text -> new ClaimReview.Refused(Refusal.WRONG_METER_RECORD, text)));
  }

  private RecordReview records(DriverSession session, ByteVector before) {
    return new RecordReview(session.offer(), verifier, before, policy.tolerance());
  }

  /** The record that the next one follows: of a claim in the same frame, or the last signed for. */
  private static ByteVector lastRecord(DriverStep step, DriverSession session) {
    return proposed(step, session)
        .reduce((_, later) -> later)
        .map(EnergyClaim::meterRecord)
        .orElse(session.record());
  }

  private static void refuse(DriverStep step, EnergyClaim claim, ClaimReview.Refused refused) {
    String text = "%s: %s".formatted(refused.refusal(), refused.text());
    step.tell(new DriverNotice.ClaimRefused(claim, refused.refusal(), refused.text()));
    step.alert("claim refused: " + text);
    step.session()
        .filter(DriverSession::isOpen)
        .ifPresent(s -> step.session(s.stopping(StopReason.UPDATE_REFUSED)));
    step.give(new LegEvent.Refuse(text));
  }

  /** What the claim follows: one of the same frame that is not signed yet, or what is signed. */
  private static SessionTotals.Total last(
      DriverStep step, DriverSession session, EnergyClaim claim) {
    return proposed(step, session)
        .filter(update -> update.direction() == claim.direction())
        .reduce((_, later) -> later)
        .map(u -> new SessionTotals.Total(u.energy(), u.duration(), u.amount()))
        .orElseGet(() -> step.leg().paid(session.id()).total(claim.direction()));
  }

  private static Stream<EnergyClaim> proposed(DriverStep step, DriverSession session) {
    return step.leg().proposed(session.id()).stream();
  }

  /** The larger of both clocks' answers, for neither survives everything. */
  private static Duration elapsed(DriverSession session, Moment now) {
    Duration wall = Duration.between(session.acceptedAt(), now.wall());
    Duration monotonic =
        session.acceptedNanos().isPresent()
            ? Duration.ofNanos(now.monotonicNanos() - session.acceptedNanos().getAsLong())
            : Duration.ZERO;
    Duration larger = wall.compareTo(monotonic) > 0 ? wall : monotonic;
    return larger.isNegative() ? Duration.ZERO : larger;
  }
}
