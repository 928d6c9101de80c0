package chargepile.agent.energy;

/** What makes a meter's word, or its silence, doubtful enough to stop selling by it. */
public enum MeterFault {
  /** Pulses in a row came faster than rated power and its margin allow. */
  OVER_POWER,
  /** The lines of meter, plug or contactor can't be read or driven any more. */
  HARDWARE_FAILED,
  /** Pulses, or the contactor's own readback, say that it conducts after it was opened. */
  WELDED_CONTACTOR,
  /** A time stamp was earlier than the one before it. */
  TIME_BACKWARDS,
  /** More noise a minute than a sound line has. */
  NOISE
}
