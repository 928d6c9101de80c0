package chargepile.agent.channel.wire;

import chargepile.agent.energy.EnergyClaim;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;

/**
 * {@code energy_update} (type 32769, custom range): the metering side's claim on the channel for
 * the energy of a session, as totals since its start. It shifts balance without an HTLC and takes
 * effect with the commitments signed after it (P1-29).
 *
 * @param sessionId 16 random bytes chosen at the start of the session
 * @param direction which way the energy flowed, and so who pays: on import the driver, on export
 *     the pile
 * @param energy cumulative energy of the session in this direction
 * @param duration cumulative charging time of the session in this direction, in milliseconds
 * @param amount cumulative amount due for it, in millisatoshi
 * @param tariffId id of the tariff that both agreed
 * @param meterRecord the meter's record of the reading, opaque to the channel
 */
public record EnergyUpdate(
    ChannelId channelId,
    SessionId sessionId,
    Direction direction,
    MilliWattHours energy,
    long duration,
    Amount amount,
    long tariffId,
    ByteVector meterRecord)
    implements ChannelMessage {
  /** What is claimed, whatever the ledger that pays it. */
  public EnergyClaim claim() {
    return new EnergyClaim(sessionId, direction, energy, duration, amount, tariffId, meterRecord);
  }

  /** For logs: the record, which is long, by its size. */
  @Override
  public String toString() {
    return "EnergyUpdate[%s, session %s, %s, %s, %d ms, %s, tariff %d, meter record of %d bytes]"
        .formatted(
            channelId,
            sessionId,
            direction,
            energy,
            duration,
            amount,
            tariffId,
            meterRecord.size());
  }
}
