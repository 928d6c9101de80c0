package chargepile.agent.session;

import chargepile.agent.units.Direction;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How long a session has charged: the time with the contactor closed, each stretch booked on the
 * direction in which energy flowed last.
 *
 * @param importNanos booked so far
 * @param exportNanos booked so far
 * @param runningSince monotonic time from which on nothing is booked yet; empty while the contactor
 *     is open
 */
public record ChargeClock(
    long importNanos, long exportNanos, Direction direction, OptionalLong runningSince) {
  public static ChargeClock stopped(Direction direction) {
    return new ChargeClock(0, 0, direction, OptionalLong.empty());
  }

  /** The contactor was closed. */
  public ChargeClock started(long nowNanos) {
    return runningSince.isPresent()
        ? this
        : new ChargeClock(importNanos, exportNanos, direction, OptionalLong.of(nowNanos));
  }

  /** Energy flowed in a direction up to now. */
  public ChargeClock flowed(Direction flow, long nowNanos) {
    ChargeClock turned = new ChargeClock(importNanos, exportNanos, flow, runningSince);
    return runningSince.isEmpty() ? turned : turned.stopped(nowNanos).started(nowNanos);
  }

  /** The contactor was opened. */
  public ChargeClock stopped(long nowNanos) {
    long more = elapsed(nowNanos);
    return switch (direction) {
      case IMPORT ->
          new ChargeClock(importNanos + more, exportNanos, direction, OptionalLong.empty());
      case EXPORT ->
          new ChargeClock(importNanos, exportNanos + more, direction, OptionalLong.empty());
    };
  }

  /** The program was restarted; what was not booked by then is given away. */
  public ChargeClock restarted() {
    return new ChargeClock(importNanos, exportNanos, direction, OptionalLong.empty());
  }

  /** The charging time in a direction, in whole milliseconds. */
  public Duration total(Direction wanted, long nowNanos) {
    long booked = wanted == Direction.IMPORT ? importNanos : exportNanos;
    long nanos = wanted == direction ? booked + elapsed(nowNanos) : booked;
    return Duration.ofMillis(nanos / 1_000_000);
  }

  private long elapsed(long nowNanos) {
    return runningSince.isEmpty() ? 0 : Math.max(0, nowNanos - runningSince.getAsLong());
  }
}
