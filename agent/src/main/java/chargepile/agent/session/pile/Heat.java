package chargepile.agent.session.pile;

/**
 * What the over-temperature input says.
 *
 * @param sinceNanos since when, by the monotonic clock
 */
public record Heat(boolean tooHot, long sinceNanos) {
  /** Not too hot, as far as is known. */
  static final Heat NONE = new Heat(false, 0);
}
