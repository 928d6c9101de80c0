package chargepile.agent.session.driver;

import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;
import java.time.Instant;
import java.util.Optional;

/**
 * What a driver keeps of a session that has ended.
 *
 * @param begun when the terms were agreed to, by the driver's wall clock
 * @param ended when the driver heard of the end, or gave the session up, by the same clock
 * @param paid what both signed
 * @param summary the pile's account; empty when it never gave one
 * @param commitment the number of the driver's commitment that holds the last payment
 * @param meterRecord the meter's signed record; empty where the meter makes none
 */
public record Receipt(
    Tariff tariff,
    Instant begun,
    Instant ended,
    StopReason reason,
    SessionTotals paid,
    Optional<SessionSummary> summary,
    ChannelId channel,
    long commitment,
    ByteVector meterRecord) {

  /** That of a session over {@code channel}, as it stands now. */
  static Receipt of(DriverSession session, SessionTotals paid, Commitments channel, Instant ended) {
    return new Receipt(
        session.offer().tariff(),
        session.acceptedAt(),
        ended,
        session.stopping().orElse(StopReason.PEER_SILENT),
        paid,
        session.summary(),
        channel.channelId(),
        channel.local().number(),
        ByteVector.empty);
  }
}
