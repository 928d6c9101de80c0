package chargepile.agent.session;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.leg.SignedState;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.ChannelId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.Optional;

/**
 * What either side keeps of a session that has ended.
 *
 * @param begun when the terms were agreed to, by the own wall clock
 * @param ended when the session ended for this side, by the same clock
 * @param paid what both signed
 * @param summary the pile's account; empty when a driver was never given one
 * @param commitment the number of the own commitment that holds the last payment
 * @param meterKey what the meter's records are signed with; empty where the meter signs none
 * @param meterRecord the meter's signed records of the whole session, with a line feed between
 *     them; of a session that the pile gave no account of, the last one; empty where there is none
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
    Optional<PublicKey> meterKey,
    ByteVector meterRecord) {

  /** What a session's end and the channel's last signed state say. */
  public static Receipt of(
      SessionOffer offer,
      Instant begun,
      Instant ended,
      StopReason reason,
      SessionTotals paid,
      Optional<SessionSummary> summary,
      SignedState last,
      ByteVector meterRecord) {
    return new Receipt(
        offer.tariff(),
        begun,
        ended,
        reason,
        paid,
        summary,
        last.channel(),
        last.number(),
        offer.meterKey(),
        meterRecord);
  }
}
