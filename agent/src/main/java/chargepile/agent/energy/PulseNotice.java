package chargepile.agent.energy;

import chargepile.agent.units.MilliWattHours;

/** What a {@link PulseCounter} found on a meter's output. Only {@link Pulse} is energy. */
public sealed interface PulseNotice {
  /** The kernel's time stamp of the edge that led to the notice, or of the event it tells of. */
  long timestampNanos();

  /**
   * A valid pulse has ended.
   *
   * @param startNanos when it began; the spacing of pulses goes by their starts
   * @param energy what it stands for. When 1,000,000/impulses is not an integer the values differ
   *     by 1 mWh so that they add up without drift since the counter was started; across restarts
   *     only {@link Registers} are exact
   */
  record Pulse(long timestampNanos, long startNanos, MilliWattHours energy)
      implements PulseNotice {}

  /** Something that is not a pulse; no energy was counted for it. */
  record Noise(long timestampNanos, NoiseReason reason) implements PulseNotice {}

  /**
   * Several pulses in a row came faster than rated power allows; those between were refused.
   *
   * @param watts the power that the spacing of the last two stands for
   */
  record OverPower(long timestampNanos, long watts) implements PulseNotice {}

  /**
   * The edge numbers jumped: the listener was too slow or the kernel's queue overflowed. At most
   * the pulse in progress, those inside the gap and the first one after it go uncounted.
   *
   * @param count edges that are missing; 0 when the numbers ran backwards (input opened anew)
   */
  record LostEdges(long timestampNanos, long count) implements PulseNotice {}

  /** An edge bears an earlier time than the one before it. */
  record TimeBackwards(long timestampNanos, long previousNanos) implements PulseNotice {}

  /** Why something is no pulse. */
  enum NoiseReason {
    /** Shorter than the meter's minimum pulse. */
    TOO_SHORT,
    /** Long enough, but off for more of it than bounce explains: interference, not a contact. */
    CHATTER,
    /** The output was off for less than the meter's minimum pause before it. */
    PAUSE_TOO_SHORT,
    /** Closer to the last counted pulse than rated power and its margin allow. */
    OVER_RATED_POWER,
    /** Two edges to the same level: what lay between was too short for the kernel to see. */
    UNSEEN_EDGE
  }
}
