package chargepile.agent.session.pile;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.energy.Registers;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;

/**
 * A session's account in one direction at a moment: what flowed, what is paid, what may still be.
 * The amount follows from cumulative energy and time, so rounding never accumulates (P1-21: never
 * more than the payer's spendable balance).
 */
record Claims(
    PileSession session,
    Direction direction,
    MilliWattHours delivered,
    SessionTotals.Total paid,
    Duration time,
    Amount spendable) {
  static Claims of(
      PileSession session,
      Direction direction,
      Registers registers,
      PaymentLeg leg,
      long nowNanos) {
    return new Claims(
        session,
        direction,
        session.delivered(direction, registers),
        leg.paid(session.id()).total(direction),
        session.clock().total(direction, nowNanos),
        leg.spendable(direction));
  }

  /** What is due for an amount of energy and the time so far. */
  Amount due(MilliWattHours energy) {
    return tariff().due(direction, energy, time);
  }

  /** Whether the payer can pay for this much energy and the time so far. */
  boolean isAffordable(MilliWattHours energy) {
    return due(energy).compareTo(paid.amount().plus(spendable)) <= 0;
  }

  /** Whether the driver wants to pay for this much; what it earns knows no limit. */
  boolean isWanted(MilliWattHours energy) {
    return direction == Direction.EXPORT || due(energy).compareTo(session.limits().money()) <= 0;
  }

  /** Delivered and not paid. */
  MilliWattHours unpaid() {
    return delivered.minusOrZero(paid.energy());
  }

  /** The most energy up to {@code most} that the payer can and will pay for; 0 when none. */
  MilliWattHours payable(MilliWattHours most) {
    long low = 0;
    long high = Math.min(most.value(), session.limits().energy().value());
    while (low < high) {
      long middle = low + (high - low + 1) / 2;
      MilliWattHours energy = new MilliWattHours(middle);
      if (isAffordable(energy) && isWanted(energy)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return new MilliWattHours(low);
  }

  /** Whether a claim of this much would change anything, and can be paid. */
  boolean isWorthwhile(MilliWattHours energy) {
    return isAffordable(energy)
        && isWanted(energy)
        && !(energy.equals(paid.energy()) && due(energy).equals(paid.amount()));
  }

  EnergyClaim claim(MilliWattHours energy, ByteVector meterRecord) {
    return new EnergyClaim(
        session.id(), direction, energy, time.toMillis(), due(energy), tariff().id(), meterRecord);
  }

  private Tariff tariff() {
    return session.offer().tariff();
  }
}
