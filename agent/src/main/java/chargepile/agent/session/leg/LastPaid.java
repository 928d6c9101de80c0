package chargepile.agent.session.leg;

import chargepile.agent.channel.Allocation;
import chargepile.agent.channel.Commitments;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.SessionId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was paid for a channel's latest sessions in the end, as the ledger says it: the last payment
 * may be in one side's commitment, and not in the other's that was published.
 *
 * @param number the number of the own last commitment
 * @param peerNumber of the peer's, the last that it is known to hold
 */
public record LastPaid(List<SessionTotals> sessions, long number, long peerNumber) {
  public LastPaid {
    sessions = List.copyOf(sessions);
  }

  /**
   * Of a penalty channel.
   *
   * @param last the own commitments at the end
   * @param closing how the channel was divided
   */
  static LastPaid of(Commitments last, Allocation closing) {
    Optional<Allocation> next = last.remoteNext().map(pending -> pending.commit().allocation());
    List<SessionTotals> sessions =
        Stream.of(Optional.of(last.local().allocation()), Optional.of(closing), next)
            .flatMap(Optional::stream)
            .flatMap(allocation -> allocation.session().stream())
            .map(SessionTotals::session)
            .distinct()
            .map(session -> of(last, closing, session))
            .toList();
    return new LastPaid(sessions, last.local().number(), last.remote().number());
  }

  private static SessionTotals of(Commitments last, Allocation closing, SessionId session) {
    boolean isPublishedLater =
        last.remoteNext().filter(next -> next.commit().allocation().equals(closing)).isPresent();
    Optional<SessionTotals> own = of(last.local().allocation(), session);
    return of(closing, session)
        .or(() -> isPublishedLater ? own : Optional.empty())
        .orElseGet(() -> SessionTotals.start(session)); // published without it
  }

  private static Optional<SessionTotals> of(Allocation allocation, SessionId session) {
    return allocation.session().filter(totals -> totals.session().equals(session));
  }
}
