package chargepile.agent.market.desk;

/** Where an order stands on the chain (P2-06 to P2-12). */
public enum OrderStage {
  REQUESTED,
  CONFIRMED,
  REFUSED,
  ESTABLISHED,
  APPROVED,
  REJECTED,
  EXPIRED,
  RECORDED,
  EXECUTING,
  SETTLED,
  DEFAULTED;

  /** Whether nothing more can happen to it. */
  public boolean isOver() {
    return switch (this) {
      case REFUSED, REJECTED, EXPIRED, SETTLED, DEFAULTED -> true;
      case REQUESTED, CONFIRMED, ESTABLISHED, APPROVED, RECORDED, EXECUTING -> false;
    };
  }

  /** Whether it was carried out, well or badly, or may still be: its energy is spoken for. */
  public boolean counts() {
    return switch (this) {
      case REFUSED, REJECTED, EXPIRED -> false;
      case REQUESTED, CONFIRMED, ESTABLISHED, APPROVED, RECORDED, EXECUTING, SETTLED, DEFAULTED ->
          true;
    };
  }

  /** Whether it is on record and its energy may flow (P2-11). */
  public boolean isOnRecord() {
    return this == RECORDED || this == EXECUTING;
  }
}
