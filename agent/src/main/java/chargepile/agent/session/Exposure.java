package chargepile.agent.session;

import chargepile.agent.units.MilliWattHours;

/**
 * What either side can lose to the other's disappearance: the arithmetic of increment and credit.
 *
 * @param increment energy of one update of the channel, above 0
 * @param credit energy that may be delivered and not yet paid; 0 is prepaid
 */
public record Exposure(MilliWattHours increment, MilliWattHours credit) {
  public Exposure {
    if (increment.value() == 0) {
      throw new IllegalArgumentException("an increment of 0 mWh");
    }
  }

  /**
   * How far claims run ahead of the meter: nothing when the credit covers an increment, the whole
   * increment when everything is prepaid.
   */
  public MilliWattHours advance() {
    return increment.minusOrZero(credit);
  }

  /** Whether the next increment is to be claimed. */
  public boolean claimDue(MilliWattHours delivered, MilliWattHours paid) {
    return delivered.plus(advance()).minusOrZero(paid).compareTo(increment) >= 0;
  }

  /** The session's total that the next increment claims. */
  public MilliWattHours nextClaim(MilliWattHours delivered) {
    return delivered.plus(advance());
  }

  /** Whether one more pulse stays within the credit, so that the contactor may be closed. */
  public boolean hasRoom(MilliWattHours delivered, MilliWattHours paid, MilliWattHours pulse) {
    return delivered.plus(pulse).compareTo(paid.plus(credit)) <= 0;
  }

  /** Whether more has flowed than the credit allows. */
  public boolean isExceeded(MilliWattHours delivered, MilliWattHours paid) {
    return delivered.compareTo(paid.plus(credit)) > 0;
  }

  /** The most that a claim may exceed the one before it by, besides the pile's overshoot. */
  public MilliWattHours largestClaim() {
    return increment.plus(credit);
  }
}
