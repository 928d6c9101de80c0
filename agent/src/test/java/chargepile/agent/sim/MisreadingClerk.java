package chargepile.agent.sim;

import chargepile.agent.session.notary.Clerk;
import chargepile.agent.session.notary.NotaryAnswer;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.Pending;
import chargepile.agent.session.notary.SessionAccount;
import chargepile.agent.units.MilliWattHours;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** A clerk that signs for something else than the account that it is given. */
final class MisreadingClerk implements Clerk {
  private final Clerk clerk;
  private final UnaryOperator<SessionAccount> misread;

  MisreadingClerk(Clerk clerk, UnaryOperator<SessionAccount> misread) {
    this.clerk = clerk;
    this.misread = misread;
  }

  @Override
  public NotaryAnswer answer(NotaryTask task, Instant now) {
    return clerk.answer(
        switch (task) {
          case NotaryTask.Check check -> check;
          case NotaryTask.Sign(Pending settlement, boolean anew) ->
              new NotaryTask.Sign(misread(settlement), anew);
          case NotaryTask.Countersign(Pending settlement, var proposal) ->
              new NotaryTask.Countersign(misread(settlement), proposal);
          case NotaryTask.Verify verify -> verify;
        },
        now);
  }

  private Pending misread(Pending settlement) {
    return new Pending(
        settlement.direction(),
        settlement.peer(),
        settlement.peerCertificate(),
        settlement.ownCertificate(),
        misread.apply(settlement.account()),
        settlement.summary(),
        settlement.proposal());
  }

  /** The meter's register at the end is taken for a watt-hour more than it is. */
  static SessionAccount laterEnd(SessionAccount account) {
    return of(account, account.importEnd().value() + 1_000, 0);
  }

  /** The number of the last commitment is taken for the next one's. */
  static SessionAccount nextCommitment(SessionAccount account) {
    return of(account, account.importEnd().value(), 1);
  }

  private static SessionAccount of(SessionAccount account, long importEnd, long later) {
    return new SessionAccount(
        account.channel(),
        account.tariff(),
        account.paid(),
        account.importStart(),
        new MilliWattHours(importEnd),
        account.exportStart(),
        account.exportEnd(),
        account.meterRoot(),
        account.leastCommitment() + later,
        account.mostCommitment() + later,
        account.begun(),
        account.ended());
  }
}
