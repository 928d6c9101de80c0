package chargepile.agent.web;

import chargepile.agent.units.Amount;
import java.util.Optional;

/**
 * What happened since the program started, added up from what is seen now and then: a session's own
 * totals only grow, so nothing is missed between two looks at the same one. A session that was
 * there already at the start counts for what it grows by.
 *
 * @param sessions that were offered
 * @param updates increments that both signed
 * @param received from drivers
 * @param spent to drivers, for energy out of their cars
 */
record Tally(
    long sessions, long updates, Amount received, Amount spent, Optional<Snapshot.Session> last) {
  static final Tally ZERO = new Tally(0, 0, Amount.ZERO, Amount.ZERO, Optional.empty());

  /** At the first look after the start: nothing has happened yet. */
  static Tally since(Snapshot first) {
    return new Tally(0, 0, Amount.ZERO, Amount.ZERO, first.session());
  }

  Tally plus(Snapshot now) {
    if (now.session().isEmpty()) {
      return this;
    }
    Snapshot.Session session = now.session().get();
    Optional<Snapshot.Session> before = last.filter(known -> known.id().equals(session.id()));
    return new Tally(
        before.isPresent() ? sessions : sessions + 1,
        updates + session.updates() - before.map(Snapshot.Session::updates).orElse(0L),
        received.plus(growth(session.imported(), before.map(Snapshot.Session::imported))),
        spent.plus(growth(session.exported(), before.map(Snapshot.Session::exported))),
        Optional.of(session));
  }

  private static Amount growth(Snapshot.Flow now, Optional<Snapshot.Flow> before) {
    return now.amount().minusOrZero(before.map(Snapshot.Flow::amount).orElse(Amount.ZERO));
  }
}
