package chargepile.agent.session.notary;

import chargepile.agent.channel.Allocation;
import chargepile.agent.channel.Commitments;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.SessionId;
import java.util.Optional;

/**
 * What was paid for a session in the end, when it is known for good.
 *
 * @param commitment the number of the pile's last commitment
 */
public record Conclusion(SessionTotals paid, long commitment) {
  /**
   * As a channel that is closed says it: its last payments may be in one side's commitment, and not
   * in the other's that was published.
   *
   * @param last the own commitments at the end
   * @param closing how the channel was divided
   * @param commitment the number of the pile's last commitment
   * @return empty when the session was over before the last commitments
   */
  public static Optional<Conclusion> of(
      Commitments last, Allocation closing, SessionId session, long commitment) {
    Optional<SessionTotals> published = of(closing, session);
    Optional<SessionTotals> own = of(last.local().allocation(), session);
    Optional<Allocation> next = last.remoteNext().map(pending -> pending.commit().allocation());
    boolean isPublishedLater = next.filter(closing::equals).isPresent();
    boolean wasBegun = next.flatMap(pending -> of(pending, session)).isPresent();
    return published
        .or(() -> isPublishedLater ? own : Optional.empty())
        .or(
            () ->
                own.isPresent() || wasBegun
                    ? Optional.of(SessionTotals.start(session)) // published without it
                    : Optional.empty())
        .map(paid -> new Conclusion(paid, commitment));
  }

  private static Optional<SessionTotals> of(Allocation allocation, SessionId session) {
    return allocation.session().filter(totals -> totals.session().equals(session));
  }
}
