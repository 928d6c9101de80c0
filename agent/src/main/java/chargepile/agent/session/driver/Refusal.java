package chargepile.agent.session.driver;

/** Why a claim is not accepted. */
public enum Refusal {
  /** There is no session, or another one, or it has ended. */
  WRONG_SESSION,
  /** The tariff is not the agreed one. */
  WRONG_TARIFF,
  /** Energy in this direction was not agreed to. */
  WRONG_DIRECTION,
  /** The time fell, or runs faster than the clock. */
  IMPLAUSIBLE_TIME,
  /** The energy fell to this side's cost. */
  ENERGY_FELL,
  /** More energy at once than increment and credit allow. */
  JUMP,
  /** More energy than the rated power can have delivered in the time. */
  IMPLAUSIBLE_POWER,
  /** The amount is not what the tariff says, to this side's cost. */
  WRONG_AMOUNT,
  /** The meter's signed record is missing, not the meter's, or says something else. */
  WRONG_METER_RECORD,
  /** The energy limit is exceeded. */
  ENERGY_LIMIT,
  /** The money limit is exceeded. */
  MONEY_LIMIT,
  /** The time limit is exceeded. */
  TIME_LIMIT
}
