package chargepile.agent.energy;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;

/**
 * What the metering side of a channel claims for the energy of a session in one direction, as
 * totals since its start (P1-29).
 *
 * @param duration cumulative charging time in milliseconds
 * @param amount cumulative amount due for the energy and the time
 * @param tariffId id of the tariff that both agreed
 * @param meterRecord the meter's signed record of the reading; empty where the meter signs none
 */
public record EnergyClaim(
    SessionId session,
    Direction direction,
    MilliWattHours energy,
    long duration,
    Amount amount,
    long tariffId,
    ByteVector meterRecord) {
  /** The session's totals in this direction once the claim is agreed to. */
  public SessionTotals.Total total() {
    return new SessionTotals.Total(energy, duration, amount);
  }

  /** For logs: the record, which is long, by its size. */
  @Override
  public String toString() {
    return "session %s, %s, %s, %d ms, %s, tariff %d, meter record of %d bytes"
        .formatted(session, direction, energy, duration, amount, tariffId, meterRecord.size());
  }
}
