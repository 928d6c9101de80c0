package chargepile.agent.energy;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;

/**
 * What both sides of a channel signed of a charging session: per direction the totals of the last
 * update. An update bears totals too, so applying one twice moves money once.
 */
public record SessionTotals(SessionId session, Total imported, Total exported) {
  /**
   * The totals in one direction.
   *
   * @param duration charging time in milliseconds
   */
  public record Total(MilliWattHours energy, long duration, Amount amount) {
    public static final Total ZERO = new Total(MilliWattHours.ZERO, 0, Amount.ZERO);
  }

  public static SessionTotals start(SessionId session) {
    return new SessionTotals(session, Total.ZERO, Total.ZERO);
  }

  public Total total(Direction direction) {
    return switch (direction) {
      case IMPORT -> imported;
      case EXPORT -> exported;
    };
  }

  /** These with other totals in one direction. */
  public SessionTotals with(Direction direction, Total total) {
    return switch (direction) {
      case IMPORT -> new SessionTotals(session, total, exported);
      case EXPORT -> new SessionTotals(session, imported, total);
    };
  }
}
