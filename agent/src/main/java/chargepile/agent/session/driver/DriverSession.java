package chargepile.agent.session.driver;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
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
 * @param record the meter's signed record of the last claim that was signed for; once the session
 *     has ended those of all of it, if they are right; empty where there is none
 */
public record DriverSession(
    SessionOffer offer,
    Set<Direction> directions,
    Instant acceptedAt,
    OptionalLong acceptedNanos,
    MilliWattHours importPeak,
    MilliWattHours exportPeak,
    Optional<StopReason> stopping,
    Optional<SessionSummary> summary,
    ByteVector record) {
  public DriverSession {
    directions = Set.copyOf(directions);
  }

  /** One without a record. */
  public DriverSession(
      SessionOffer offer,
      Set<Direction> directions,
      Instant acceptedAt,
      OptionalLong acceptedNanos,
      MilliWattHours importPeak,
      MilliWattHours exportPeak,
      Optional<StopReason> stopping,
      Optional<SessionSummary> summary) {
    this(
        offer,
        directions,
        acceptedAt,
        acceptedNanos,
        importPeak,
        exportPeak,
        stopping,
        summary,
        ByteVector.empty);
  }

  public SessionId id() {
    return offer.sessionId();
  }

  /** The most energy in a direction that was ever claimed. */
  public MilliWattHours peak(Direction direction) {
    return direction == Direction.IMPORT ? importPeak : exportPeak;
  }

  /** Whether the pile may still put claims on the channel. */
  public boolean isOpen() {
    return summary.isEmpty();
  }

  /** A claim was signed for. */
  DriverSession claimed(EnergyClaim claim) {
    Direction direction = claim.direction();
    MilliWattHours energy =
        claim.energy().compareTo(peak(direction)) > 0 ? claim.energy() : peak(direction);
    return new DriverSession(
        offer,
        directions,
        acceptedAt,
        acceptedNanos,
        direction == Direction.IMPORT ? energy : importPeak,
        direction == Direction.EXPORT ? energy : exportPeak,
        stopping,
        summary,
        claim.meterRecord());
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
        summary,
        record);
  }

  /**
   * @param isRight whether the records that come with it are kept
   */
  DriverSession summarised(SessionSummary told, boolean isRight) {
    return new DriverSession(
        offer,
        directions,
        acceptedAt,
        acceptedNanos,
        importPeak,
        exportPeak,
        Optional.of(stopping.orElse(told.reason())),
        Optional.of(told),
        isRight ? told.receipt() : record);
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
        summary,
        record);
  }
}
