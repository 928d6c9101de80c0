package chargepile.agent.session.wire;

import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import java.util.Set;

/**
 * {@code session_accept} (type 32773), driver to pile: the terms are agreed to. Said again whenever
 * the offer is.
 *
 * @param directions those of the offer that the driver wants; not empty
 * @param limits what the pile must not exceed
 */
public record SessionAccept(SessionId sessionId, Set<Direction> directions, Limits limits)
    implements SessionMessage {
  public SessionAccept {
    directions = Set.copyOf(directions);
    if (directions.isEmpty()) {
      throw new IllegalArgumentException("no direction is accepted");
    }
  }
}
