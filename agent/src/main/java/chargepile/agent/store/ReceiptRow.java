package chargepile.agent.store;

import chargepile.agent.units.ChannelId;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import java.time.Instant;
import java.util.Optional;

/**
 * What a node keeps of a finished session. One without the pile's account gives way to one with it.
 *
 * @param peer the other side's node key, 33 bytes compressed
 * @param commitmentNumber of the own commitment that holds the last payment, from 0
 * @param begun to the millisecond, as {@code ended}
 * @param reason the name of why it ended
 * @param imported what was paid for energy into the car
 * @param exported what was received for energy out of it
 * @param metered the pile's account; empty when it never gave one
 * @param meterKey what the meter's records are signed with, 33 bytes compressed; empty where the
 *     meter signs none
 * @param meterRecord the meter's signed records, with a line feed between them; likewise
 */
public record ReceiptRow(
    SessionId session,
    ByteVector peer,
    ChannelId channel,
    long commitmentNumber,
    Instant begun,
    Instant ended,
    String reason,
    Prices tariff,
    Paid imported,
    Paid exported,
    Optional<Metered> metered,
    ByteVector meterKey,
    ByteVector meterRecord) {

  /** The agreed tariff: its id, and prices in millisatoshi. */
  public record Prices(long id, long importMsatPerKwh, long exportMsatPerKwh, long msatPerMinute) {}

  /** What both signed for one direction. */
  public record Paid(long energyMwh, long durationMs, long msat) {}

  /** What the pile says that its meter counted. */
  public record Metered(long importMwh, long exportMwh) {}
}
