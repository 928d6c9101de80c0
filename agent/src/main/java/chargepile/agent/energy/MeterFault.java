package chargepile.agent.energy;

/** What makes a meter's word doubtful enough to stop selling by it. */
public enum MeterFault {
  /** Pulses in a row came faster than rated power and its margin allow. */
  OVER_POWER,
  /** The contactor is closed and the car draws, but no pulse comes. */
  DEAD_METER,
  /** Pulses, or the contactor's own readback, say that it conducts after it was opened. */
  WELDED_CONTACTOR,
  /** A time stamp was earlier than the one before it. */
  TIME_BACKWARDS,
  /** More noise a minute than a sound line has. */
  NOISE
}
