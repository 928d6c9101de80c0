package chargepile.agent.runtime;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.PublicKey;
import java.util.HashMap;
import java.util.Map;

/** What a pile's sessions with a driver came to, also those that the pile has forgotten since. */
final class Takings {
  private final PublicKey driver;
  private final Map<SessionId, Long> delivered = new HashMap<>();
  private final Map<SessionId, SessionTotals.Total> paid = new HashMap<>();
  private long maxUnpaid;

  Takings(PublicKey driver) {
    this.driver = driver;
  }

  /** What is so after a transition. */
  void note(Pile pile) {
    pile.session().ifPresent(session -> note(session, pile));
    pile.leg(driver)
        .penalty()
        .flatMap(Payout::last)
        .flatMap(last -> last.local().allocation().session())
        .ifPresent(totals -> paid.put(totals.session(), totals.imported()));
  }

  private void note(PileSession session, Pile pile) {
    long now = session.delivered(Direction.IMPORT, pile.meter().registers()).value();
    delivered.merge(session.id(), now, Math::max);
    maxUnpaid = Math.max(maxUnpaid, session.maxUnpaid().value());
  }

  /** Milliwatt-hours that the pile counted. */
  long delivered() {
    return delivered.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Milliwatt-hours in the last commitment that the driver signed for each session. */
  long paidEnergy() {
    return paid.values().stream().mapToLong(total -> total.energy().value()).sum();
  }

  /** Millisatoshi likewise. */
  long paidAmount() {
    return paid.values().stream().mapToLong(total -> total.amount().value()).sum();
  }

  /** The most that was ever unpaid, in milliwatt-hours. */
  long maxUnpaid() {
    return maxUnpaid;
  }

  int sessions() {
    return delivered.size();
  }
}
