package chargepile.agent.session.notary;

import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;

/** What a settlement certificate is of: one direction of a session has a seller and a buyer. */
public record SettlementId(SessionId session, Direction direction) {
  @Override
  public String toString() {
    return "%s of session %s"
        .formatted(direction == Direction.IMPORT ? "import" : "export", session);
  }
}
