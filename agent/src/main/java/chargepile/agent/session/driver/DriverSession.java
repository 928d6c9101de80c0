package chargepile.agent.session.driver;

import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A session that the driver agreed to. What is paid is not here: it stands in the channel's own
 * commitment.
 *
 * @param directions those of the offer that the driver wants
 * @param acceptedAt when the terms were agreed to, by the wall clock
 * @param acceptedNanos likewise by the monotonic clock; empty after a restart
 * @param importPeak the most energy into the car that was ever claimed
 * @param exportPeak likewise out of the car
 * @param stopping why the session is to end, once either side said so
 * @param summary the pile's account, once it is told
 */
public record DriverSession(
    SessionOffer offer,
    Set<Direction> directions,
    Instant acceptedAt,
    OptionalLong acceptedNanos,
    MilliWattHours importPeak,
    MilliWattHours exportPeak,
    Optional<StopReason> stopping,
    Optional<SessionSummary> summary) {
  public DriverSession {
    directions = Set.copyOf(directions);
  }

  public SessionId id() {
    return offer.sessionId();
  }

  /** The most energy in a direction that was ever claimed. */
  public MilliWattHours peak(Direction direction) {
    return direction == Direction.IMPORT ? importPeak : exportPeak;
  }

  /** Whether the pile may still put claims on the channel. */
  boolean isOpen() {
    return summary.isEmpty();
  }

  DriverSession claimed(Direction direction, MilliWattHours energy) {
    if (energy.compareTo(peak(direction)) <= 0) {
      return this;
    }
    return new DriverSession(
        offer,
        directions,
        acceptedAt,
        acceptedNanos,
        direction == Direction.IMPORT ? energy : importPeak,
        direction == Direction.EXPORT ? energy : exportPeak,
        stopping,
        summary);
  }

  DriverSession stopping(StopReason reason) {
    return new DriverSession(
        offer,
        directions,
        acceptedAt,
        acceptedNanos,
        importPeak,
        exportPeak,
        Optional.of(stopping.orElse(reason)),
        summary);
  }

  DriverSession summarised(SessionSummary told) {
    return new DriverSession(
        offer,
        directions,
        acceptedAt,
        acceptedNanos,
        importPeak,
        exportPeak,
        Optional.of(stopping.orElse(told.reason())),
        Optional.of(told));
  }

  DriverSession restarted() {
    return new DriverSession(
        offer,
        directions,
        acceptedAt,
        OptionalLong.empty(),
        importPeak,
        exportPeak,
        stopping,
        summary);
  }
}
