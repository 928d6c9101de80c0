package chargepile.agent.energy;

import chargepile.agent.units.Direction;
import java.util.Set;

/**
 * Whether the directions of a meter's pulses make sense. A pulse has no sign of its own: that the
 * meter runs backwards shows only where energy flows in a direction that nobody agreed to.
 *
 * @param agreed the directions in which energy may flow since the contactor was closed
 * @param against pulses in another one since then
 * @param importEndNanos end of the last import pulse; {@link Long#MIN_VALUE} before the first
 * @param exportEndNanos end of the last export pulse, likewise
 * @param last direction of the last pulse
 * @param together how often in a row a pulse of one output came while the other's was on
 */
public record DirectionCheck(
    Set<Direction> agreed,
    int against,
    long importEndNanos,
    long exportEndNanos,
    Direction last,
    int together) {
  private static final Set<Direction> BOTH = Set.of(Direction.IMPORT, Direction.EXPORT);

  /** The first may complete what had flowed long before; with the second a whole pulse flowed. */
  private static final int TOO_MANY_AGAINST = 2;

  /** Once may be chance, at a turn of the flow. */
  private static final int TOO_OFTEN_TOGETHER = 3;

  /** Before the first pulse, with any direction agreed. */
  public static final DirectionCheck NONE =
      new DirectionCheck(BOTH, 0, Long.MIN_VALUE, Long.MIN_VALUE, Direction.IMPORT, 0);

  public DirectionCheck {
    agreed = Set.copyOf(agreed);
  }

  /** The contactor was closed for energy in these directions. */
  DirectionCheck closed(Set<Direction> directions) {
    return new DirectionCheck(directions, 0, importEndNanos, exportEndNanos, last, 0);
  }

  /** A pulse was counted while the contactor was closed. */
  DirectionCheck on(Direction direction, PulseNotice.Pulse pulse) {
    boolean imports = direction == Direction.IMPORT;
    boolean overlaps = pulse.startNanos() < (imports ? exportEndNanos : importEndNanos);
    int inARow = overlaps ? together + 1 : direction == last ? 0 : together;
    return new DirectionCheck(
        agreed,
        against(direction, overlaps),
        imports ? pulse.timestampNanos() : importEndNanos,
        imports ? exportEndNanos : pulse.timestampNanos(),
        direction,
        inARow);
  }

  /** Of two that come together none is a flow of its own, whichever of them is seen first. */
  private int against(Direction direction, boolean overlaps) {
    if (agreed.contains(direction)) {
      return overlaps ? Math.max(0, against - 1) : against;
    }
    return overlaps ? against : against + 1;
  }

  /** Whether more flowed in a direction that nobody agreed to than chance explains. */
  boolean isBackwards() {
    return against >= TOO_MANY_AGAINST;
  }

  /** Whether both outputs pulse at the same time more often than chance explains. */
  boolean isBothAtOnce() {
    return together >= TOO_OFTEN_TOGETHER;
  }
}
