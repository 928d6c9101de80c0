package chargepile.agent.session.notary;

import chargepile.agent.codec.StateReader;
import chargepile.agent.codec.StateWriter;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.SessionStates;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.SessionId;
import java.time.Instant;
import java.util.Optional;

/** A notary's state as a part of its owner's; what does not outlive a start is left out. */
public final class NotaryCodec {
  private static final int SESSION_BYTES = 16;

  private NotaryCodec() {}

  public static void write(StateWriter out, Notary notary) {
    out.optional(notary.engagement(), engagement -> engagement(out, engagement));
    out.list(notary.pending(), pending -> pending(out, pending));
    out.list(
        notary.answered(),
        answered -> id(out, answered.id()).fixed(answered.digest()).bytes(answered.signature()));
  }

  /**
   * Reads what {@link #write} wrote, now or before.
   *
   * @param concluded whether engagements say how they concluded, as they do now
   */
  public static Notary read(StateReader in, boolean concluded) {
    return Notary.restored(
        in.optional(() -> engagement(in, concluded)),
        in.list(() -> pending(in)),
        in.list(() -> new Answered(id(in), in.vector32(), in.vector())));
  }

  private static StateWriter id(StateWriter out, SettlementId id) {
    SessionStates.direction(out.fixed(id.session().value()), id.direction());
    return out;
  }

  private static SettlementId id(StateReader in) {
    return new SettlementId(session(in), SessionStates.direction(in));
  }

  private static SessionId session(StateReader in) {
    return new SessionId(in.vector(SESSION_BYTES));
  }

  private static void engagement(StateWriter out, Engagement engagement) {
    out.fixed(engagement.session().value());
    out.key(engagement.peer());
    out.bytes(engagement.peerCertificate());
    out.bytes(engagement.ownCertificate());
    out.i64(engagement.commitment());
    out.optional(
        engagement.conclusion(),
        conclusion -> {
          totals(out, conclusion.paid());
          out.i64(conclusion.commitment());
        });
  }

  private static Engagement engagement(StateReader in, boolean concluded) {
    return new Engagement(
        session(in),
        in.key(),
        in.vector(),
        in.vector(),
        in.i64(),
        concluded ? in.optional(() -> new Conclusion(totals(in), in.i64())) : Optional.empty());
  }

  private static void pending(StateWriter out, Pending pending) {
    SessionStates.direction(out, pending.direction());
    out.key(pending.peer());
    out.bytes(pending.peerCertificate());
    out.bytes(pending.ownCertificate());
    account(out, pending.account());
    SessionStates.message(out, pending.summary());
    out.optional(
        pending.proposal(),
        proposal -> out.bytes(proposal.settlement()).bytes(proposal.signature()));
  }

  private static Pending pending(StateReader in) {
    return new Pending(
        SessionStates.direction(in),
        in.key(),
        in.vector(),
        in.vector(),
        account(in),
        SessionStates.message(in, SessionSummary.class),
        in.optional(() -> new Pending.Proposal(in.vector(), in.vector())));
  }

  private static void account(StateWriter out, SessionAccount account) {
    out.fixed(account.channel().value());
    out.i64(account.tariff().id());
    out.amount(account.tariff().importPricePerKwh());
    out.amount(account.tariff().exportPricePerKwh());
    out.amount(account.tariff().pricePerMinute());
    totals(out, account.paid());
    out.energy(account.importStart());
    out.energy(account.importEnd());
    out.energy(account.exportStart());
    out.energy(account.exportEnd());
    out.fixed(account.meterRoot());
    out.i64(account.leastCommitment());
    out.i64(account.mostCommitment());
    out.i64(account.begun().toEpochMilli());
    out.i64(account.ended().toEpochMilli());
  }

  private static SessionAccount account(StateReader in) {
    return new SessionAccount(
        new ChannelId(in.vector32()),
        new Tariff(in.i64(), in.amount(), in.amount(), in.amount()),
        totals(in),
        in.energy(),
        in.energy(),
        in.energy(),
        in.energy(),
        in.vector32(),
        in.i64(),
        in.i64(),
        Instant.ofEpochMilli(in.i64()),
        Instant.ofEpochMilli(in.i64()));
  }

  private static void totals(StateWriter out, SessionTotals totals) {
    out.fixed(totals.session().value());
    total(out, totals.imported());
    total(out, totals.exported());
  }

  private static SessionTotals totals(StateReader in) {
    return new SessionTotals(session(in), total(in), total(in));
  }

  private static void total(StateWriter out, SessionTotals.Total total) {
    out.energy(total.energy());
    out.i64(total.duration());
    out.amount(total.amount());
  }

  private static SessionTotals.Total total(StateReader in) {
    return new SessionTotals.Total(in.energy(), in.i64(), in.amount());
  }
}
