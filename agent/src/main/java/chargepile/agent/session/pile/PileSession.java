package chargepile.agent.session.pile;

import chargepile.agent.energy.Registers;
import chargepile.agent.session.ChargeClock;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.PublicKey;
import java.util.Optional;
import java.util.Set;

/**
 * A charging session. What is paid is not here: it stands in the channel's own commitment, so that
 * the two can never disagree.
 *
 * @param directions those that both sides want
 * @param limits the driver's, tightened by the operator's
 * @param end the meter's registers at the end, once they are final
 * @param maxUnpaid the most that was ever delivered and not paid, of either direction
 * @param updates how many claims were settled
 * @param proof what it has to show for itself
 * @param beforehand whether its terms were agreed to before it was offered, as an order is; else
 *     they are the pile's own of that time
 */
public record PileSession(
    SessionOffer offer,
    PublicKey peer,
    Set<Direction> directions,
    Limits limits,
    Phase phase,
    ChargeClock clock,
    Optional<Registers> end,
    MilliWattHours maxUnpaid,
    long updates,
    Proof proof,
    boolean beforehand) {
  public PileSession {
    directions = Set.copyOf(directions);
  }

  /** Offered at the pile's own terms. */
  static PileSession offered(SessionOffer offer, PublicKey peer) {
    Direction first =
        offer.directions().contains(Direction.IMPORT) ? Direction.IMPORT : Direction.EXPORT;
    return new PileSession(
        offer,
        peer,
        offer.directions(),
        Limits.NONE,
        new Phase.Offered(),
        ChargeClock.stopped(first),
        Optional.empty(),
        MilliWattHours.ZERO,
        0,
        Proof.NONE,
        false);
  }

  /** The same, at terms that were agreed to before. */
  PileSession underAgreement() {
    return new PileSession(
        offer, peer, directions, limits, phase, clock, end, maxUnpaid, updates, proof, true);
  }

  public SessionId id() {
    return offer.sessionId();
  }

  /**
   * What flowed in a direction since the session began, {@code now} being the meter's registers.
   */
  public MilliWattHours delivered(Direction direction, Registers now) {
    MilliWattHours start =
        direction == Direction.IMPORT ? offer.importRegister() : offer.exportRegister();
    return end.orElse(now).energy(direction).minus(start);
  }

  /** Whether terms are agreed and the end is not begun. */
  boolean isRunning() {
    return phase instanceof Phase.Charging || phase instanceof Phase.Paused;
  }

  /** Whether the operator paused or stopped it. */
  public boolean isHeldByOperator() {
    return switch (phase) {
      case Phase.Paused(var cause) -> cause == Phase.Cause.OPERATOR;
      case Phase.Stopped stopped -> stopped.reason() == StopReason.OPERATOR_STOPPED;
      case Phase.Offered(), Phase.Charging() -> false;
    };
  }

  PileSession with(Phase next) {
    return new PileSession(
        offer, peer, directions, limits, next, clock, end, maxUnpaid, updates, proof, beforehand);
  }

  PileSession with(ChargeClock next) {
    return new PileSession(
        offer, peer, directions, limits, phase, next, end, maxUnpaid, updates, proof, beforehand);
  }

  PileSession with(Limits next) {
    return new PileSession(
        offer, peer, directions, next, phase, clock, end, maxUnpaid, updates, proof, beforehand);
  }

  PileSession accepted(Set<Direction> agreed, Limits wanted) {
    return new PileSession(
        offer, peer, agreed, wanted, phase, clock, end, maxUnpaid, updates, proof, beforehand);
  }

  PileSession endedAt(Registers registers) {
    return new PileSession(
        offer,
        peer,
        directions,
        limits,
        phase,
        clock,
        Optional.of(registers),
        maxUnpaid,
        updates,
        proof,
        beforehand);
  }

  PileSession withUnpaid(MilliWattHours unpaid) {
    return unpaid.compareTo(maxUnpaid) <= 0
        ? this
        : new PileSession(
            offer, peer, directions, limits, phase, clock, end, unpaid, updates, proof, beforehand);
  }

  PileSession settledOnce() {
    return new PileSession(
        offer,
        peer,
        directions,
        limits,
        phase,
        clock,
        end,
        maxUnpaid,
        updates + 1,
        proof,
        beforehand);
  }

  PileSession with(Proof next) {
    return new PileSession(
        offer, peer, directions, limits, phase, clock, end, maxUnpaid, updates, next, beforehand);
  }
}
